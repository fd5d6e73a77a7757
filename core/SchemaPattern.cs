using System.Text;

namespace Pipeline.Core;

/// <summary>
/// Regular expressions as JSON Schema means them (ECMA-262, Unicode), in the terms of .NET: <c>\d</c>, <c>\w</c> are
/// ASCII, <c>$</c> is the very end, <c>.</c> stops at every line end. Like .NET's, they see UTF-16 units.
/// </summary>
internal static class SchemaPattern
{
    // Escaped letters that both languages have, alike once translated; others are refused rather than guessed.
    private const string Letters = "dDwWsSbBfnrtvcxupPk";

    /// <exception cref="ArgumentException">The pattern uses what ECMA-262 does not have.</exception>
    internal static string Translate(string pattern)
    {
        var translated = new StringBuilder(pattern.Length + 16);
        var inClass = false;
        for (var at = 0; at < pattern.Length; at++)
        {
            var character = pattern[at];
            if (character == '\\' && at + 1 < pattern.Length)
            {
                at++;
                translated.Append(Escape(pattern[at], inClass));
            }
            else if (inClass)
            {
                inClass = character != ']';
                // An unescaped bracket inside a class would be a subtraction in .NET.
                translated.Append(character == '[' ? @"\[" : character.ToString());
            }
            else
            {
                CheckStart(pattern, at);
                inClass = character == '[';
                translated.Append(character switch
                {
                    '$' => @"\z",
                    '.' => @"[^\n\r\u2028\u2029]",
                    _ => character.ToString(),
                });
            }
        }
        return translated.ToString();
    }

    // Groups and classes that .NET would read in its own way.
    private static void CheckStart(string pattern, int at)
    {
        var rest = pattern.AsSpan(at);
        if (rest.StartsWith("(?") && (rest.Length < 3 || rest[2] is not (':' or '=' or '!' or '<')))
        {
            throw new ArgumentException($"the group at character {at} is not of ECMA-262");
        }
        if (rest.StartsWith("[]") || rest.StartsWith("[^]"))
        {
            throw new ArgumentException($"the class at character {at} is empty");
        }
    }

    private static string Escape(char escaped, bool inClass)
    {
        if (char.IsAsciiLetter(escaped) && !Letters.Contains(escaped))
        {
            throw new ArgumentException($@"the escape '\{escaped}' is not of ECMA-262");
        }
        return (escaped, inClass) switch
        {
            ('d', true) => "0-9",
            ('d', false) => "[0-9]",
            ('D', true) => @"\x00-/:-\uFFFF",
            ('D', false) => "[^0-9]",
            ('w', true) => "A-Za-z0-9_",
            ('w', false) => "[A-Za-z0-9_]",
            ('W', true) => @"\x00-/:-@\[-\^`{-\uFFFF",
            ('W', false) => "[^A-Za-z0-9_]",
            _ => $@"\{escaped}",
        };
    }
}
