using System.Globalization;
using System.Text;

namespace Pipeline.Core;

/// <summary>
/// Regular expressions as JSON Schema means them (ECMA-262, Unicode), in the terms of .NET: <c>\d</c>, <c>\w</c> are
/// ASCII, <c>$</c> is the very end, <c>.</c> stops at every line end, and a character outside the basic plane is one
/// character, also in classes of single ones. Ranges and negated classes are of the basic plane; <c>.</c> and negated
/// classes match half of a pair.
/// </summary>
internal static class SchemaPattern
{
    // Escaped letters that both languages have, alike once translated; others are refused rather than guessed.
    private const string Letters = "dDwWsSbBfnrtvcxupPk";

    private const string Space = @"\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff";

    private const string NotSpace =
        @"\x00-\x08\x0e-\x1f!-\x9f\u00a1-\u167f\u1681-\u1fff\u200b-\u2027\u202a-\u202e\u2030-\u205e\u2060-\u2fff"
        + @"\u3001-\ufefe\uff00-\uffff";

    private const string CategoryPrefix = "General_Category=";

    // The names of general categories that .NET knows by their short forms only.
    private static readonly Dictionary<string, string> Categories = new(StringComparer.Ordinal)
    {
        ["Letter"] = "L",
        ["Lowercase_Letter"] = "Ll",
        ["Uppercase_Letter"] = "Lu",
        ["Titlecase_Letter"] = "Lt",
        ["Modifier_Letter"] = "Lm",
        ["Other_Letter"] = "Lo",
        ["Mark"] = "M",
        ["Nonspacing_Mark"] = "Mn",
        ["Spacing_Mark"] = "Mc",
        ["Enclosing_Mark"] = "Me",
        ["Number"] = "N",
        ["Decimal_Number"] = "Nd",
        ["digit"] = "Nd",
        ["Letter_Number"] = "Nl",
        ["Other_Number"] = "No",
        ["Punctuation"] = "P",
        ["punct"] = "P",
        ["Symbol"] = "S",
        ["Currency_Symbol"] = "Sc",
        ["Math_Symbol"] = "Sm",
        ["Separator"] = "Z",
        ["Space_Separator"] = "Zs",
        ["Other"] = "C",
        ["Control"] = "Cc",
    };

    /// <exception cref="ArgumentException">The pattern uses what ECMA-262 does not have.</exception>
    internal static string Translate(string pattern)
    {
        var translated = new StringBuilder(pattern.Length + 16);
        for (var at = 0; at < pattern.Length;)
        {
            CheckStart(pattern, at);
            switch (pattern[at])
            {
                case '\\' when at + 1 < pattern.Length:
                    translated.Append(Escape(pattern, ref at, inClass: false));
                    break;
                case '[':
                    AppendClass(translated, pattern, ref at);
                    break;
                case '$':
                    translated.Append(@"\z");
                    at++;
                    break;
                case '.':
                    translated.Append(@"[^\n\r\u2028\u2029]");
                    at++;
                    break;
                case var high when char.IsHighSurrogate(high) && at + 1 < pattern.Length:
                    // A group, so that what repeats it repeats the whole character.
                    translated.Append("(?:").Append(pattern, at, 2).Append(')');
                    at += 2;
                    break;
                default:
                    translated.Append(pattern[at++]);
                    break;
            }
        }
        return translated.ToString();
    }

    // Characters of two units cannot stand in a class of .NET's; they become alternatives to it.
    private static void AppendClass(StringBuilder translated, string pattern, ref int at)
    {
        var isNegated = at + 1 < pattern.Length && pattern[at + 1] == '^';
        var members = new StringBuilder();
        var pairs = new StringBuilder();
        var start = at;
        at += isNegated ? 2 : 1;
        while (at < pattern.Length && pattern[at] != ']')
        {
            if (pattern[at] == '\\' && at + 1 < pattern.Length)
            {
                members.Append(Escape(pattern, ref at, inClass: true));
            }
            else if (char.IsHighSurrogate(pattern[at]) && at + 1 < pattern.Length)
            {
                pairs.Append('|').Append(pattern, at, 2);
                at += 2;
                if (isNegated || (at < pattern.Length && pattern[at] == '-') || members.ToString().EndsWith('-'))
                {
                    throw new ArgumentException(
                        $"the class at character {start} has characters beyond U+FFFF in a range or negated");
                }
            }
            else
            {
                // An unescaped bracket inside a class would be a subtraction in .NET.
                members.Append(pattern[at] == '[' ? @"\[" : pattern[at].ToString());
                at++;
            }
        }
        if (at >= pattern.Length)
        {
            throw new ArgumentException($"the class at character {start} does not end");
        }
        at++;
        var basic = $"[{(isNegated ? "^" : "")}{members}]";
        translated.Append(
            pairs.Length == 0 ? basic
            : members.Length == 0 ? $"(?:{pairs.ToString()[1..]})"
            : $"(?:{basic}{pairs})");
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

    // An escape in the terms of .NET; moves behind it.
    private static string Escape(string pattern, ref int at, bool inClass)
    {
        var escaped = pattern[at + 1];
        if (char.IsAsciiLetter(escaped) && !Letters.Contains(escaped))
        {
            throw new ArgumentException($@"the escape '\{escaped}' is not of ECMA-262");
        }
        if (escaped is 'p' or 'P')
        {
            return Property(pattern, ref at);
        }
        if (escaped == 'u' && pattern.AsSpan(at + 2).StartsWith("{"))
        {
            return CodePoint(pattern, ref at, inClass);
        }
        at += 2;
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
            ('s', true) => Space,
            ('s', false) => $"[{Space}]",
            ('S', true) => NotSpace,
            ('S', false) => $"[^{Space}]",
            _ => $@"\{escaped}",
        };
    }

    private static string Property(string pattern, ref int at)
    {
        var end = pattern.IndexOf('}', at);
        if (at + 2 >= pattern.Length || pattern[at + 2] != '{' || end < 0)
        {
            throw new ArgumentException($"the property at character {at} has no name in braces");
        }
        var escape = pattern[at..(at + 3)];
        var name = pattern[(at + 3)..end];
        name = name.StartsWith(CategoryPrefix, StringComparison.Ordinal) ? name[CategoryPrefix.Length..] : name;
        at = end + 1;
        return $"{escape}{Categories.GetValueOrDefault(name, name)}}}";
    }

    private static string CodePoint(string pattern, ref int at, bool inClass)
    {
        var start = at;
        var end = pattern.IndexOf('}', at);
        var isCharacter = end > 0
            && int.TryParse(pattern.AsSpan((at + 3)..end), NumberStyles.AllowHexSpecifier, null, out var value)
            && value <= (inClass ? char.MaxValue : 0x10FFFF) && value is >= 0 and not (>= 0xD800 and <= 0xDFFF);
        if (!isCharacter)
        {
            throw new ArgumentException($"the code point at character {start} is none that can stand there");
        }
        at = end + 1;
        var digits = pattern.AsSpan((start + 3)..end);
        var units = char.ConvertFromUtf32(int.Parse(digits, NumberStyles.AllowHexSpecifier, null));
        var escaped = string.Concat(units.Select(unit => $"\\u{(int)unit:x4}"));
        return units.Length == 1 ? escaped : $"(?:{escaped})";
    }
}
