using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Pipeline.Core;

/// <summary>A regular expression of a schema, compiled; matching takes time linear in the text.</summary>
public sealed class SchemaExpression
{
    private const int CharactersOnStack = 256;

    // Of most patterns; decides texts of ASCII many times as fast.
    private readonly AsciiExpression? _ascii;
    private readonly Regex _regex;

    /// <param name="pattern">A pattern of ECMA-262.</param>
    /// <exception cref="ArgumentException">It is not of the language.</exception>
    /// <exception cref="NotSupportedException">It looks around or back, or is too large.</exception>
    public SchemaExpression(string pattern)
    {
        _regex = new Regex(
            SchemaPattern.Translate(pattern), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        _ascii = AsciiExpression.TryCompile(pattern);
    }

    /// <summary>Whether it matches anywhere in a text.</summary>
    public bool IsMatch(ReadOnlySpan<byte> utf8) => _ascii?.IsMatch(utf8) ?? IsMatchOfAny(utf8);

    [SkipLocalsInit]
    private bool IsMatchOfAny(ReadOnlySpan<byte> utf8)
    {
        // UTF-16 never has more units than UTF-8 has bytes.
        var rented = utf8.Length > CharactersOnStack ? ArrayPool<char>.Shared.Rent(utf8.Length) : null;
        var characters = rented is null ? stackalloc char[CharactersOnStack] : rented;
        var count = Encoding.UTF8.GetChars(utf8, characters);
        var isMatch = _regex.IsMatch(characters[..count]);
        if (rented is not null)
        {
            ArrayPool<char>.Shared.Return(rented);
        }
        return isMatch;
    }
}
