using System.Collections;
using System.Text;
using System.Text.Json;

namespace Amazon.Kinesis.Internal;

/// <summary>Reads a member's value, which is the next token, into an object.</summary>
internal delegate void MemberReader<in T>(T value, ref Utf8JsonReader json);

/// <summary>The members of a JSON object that are read, and how; others are passed over.</summary>
internal sealed class Members<T> : IEnumerable
    where T : class, new()
{
    private readonly List<(byte[] Name, MemberReader<T> Read)> _members = [];

    public void Add(string name, MemberReader<T> read) => _members.Add((Encoding.UTF8.GetBytes(name), read));

    /// <summary>Reads the object whose start is the current token, up to its end.</summary>
    public T Read(ref Utf8JsonReader json)
    {
        var value = new T();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (Find(json) is { } read)
            {
                read(value, ref json);
            }
            else
            {
                json.Skip();
            }
        }
        return value;
    }

    IEnumerator IEnumerable.GetEnumerator() => _members.GetEnumerator();

    private MemberReader<T> Find(in Utf8JsonReader json)
    {
        foreach (var (name, read) in _members)
        {
            if (json.ValueTextEquals(name))
            {
                return read;
            }
        }
        return null;
    }
}
