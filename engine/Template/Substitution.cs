namespace Pipeline.Engine.Template;

/// <summary>A part of the string of <c>Fn::Sub</c>: plain text, or the name of something to put in its place.</summary>
internal readonly record struct SubstitutionPart(string Text, bool IsName);

/// <summary>
/// The syntax of <c>Fn::Sub</c>: <c>${name}</c> is replaced, <c>${!text}</c> stands for <c>${text}</c>.
/// </summary>
internal static class Substitution
{
    /// <summary>Cuts the string into its parts; null when a <c>${</c> never ends.</summary>
    public static List<SubstitutionPart>? Parse(string text)
    {
        var parts = new List<SubstitutionPart>();
        var from = 0;
        while (text.IndexOf("${", from, StringComparison.Ordinal) is var start and >= 0)
        {
            var end = text.IndexOf('}', start);
            if (end < 0)
            {
                return null;
            }
            parts.Add(new(text[from..start], IsName: false));
            var name = text[(start + 2)..end];
            parts.Add(name.StartsWith('!') ? new($"${{{name[1..]}}}", IsName: false) : new(name, IsName: true));
            from = end + 1;
        }
        parts.Add(new(text[from..], IsName: false));
        return parts;
    }
}
