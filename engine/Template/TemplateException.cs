namespace Pipeline.Engine.Template;

/// <summary>A template that the engine cannot run as it stands. The message has one line per problem.</summary>
public sealed class TemplateException(IReadOnlyList<string> problems) : Exception(string.Join('\n', problems))
{
    /// <summary>Every problem found, in the order found: one sentence each, at least one.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
