namespace Pipeline.Engine.Template;

/// <summary>Turns a synthesized CloudFormation template into the models that the embedded engine runs.</summary>
/// <remarks>
/// Nothing is guessed: a resource, property, value or intrinsic function that the engine cannot honour is a problem,
/// and all problems are told at once. What it may leave out without changing a result is a warning or on an explicit
/// list.
/// </remarks>
public static class TemplateLoader
{
    /// <summary>Reads a template.</summary>
    /// <param name="json">The template: JSON, UTF-8, with or without a byte order mark.</param>
    /// <param name="file">The template's name, for messages.</param>
    /// <param name="options">What the run changes.</param>
    /// <exception cref="TemplateException">The template or an option cannot be honoured.</exception>
    public static StackModel Load(ReadOnlyMemory<byte> json, string file, TemplateOptions options)
    {
        var problems = new Problems(file);
        using var document = TemplateDocument.Parse(json, problems);
        var stack = document is null ? null : new StackReader(document, options, problems).Read();
        if (stack is not null)
        {
            StackRules.Check(stack, problems);
            OptionRules.Check(stack, options, problems);
        }
        return stack is not null && problems.Found.Count == 0 ? stack : throw new TemplateException(problems.Found);
    }
}
