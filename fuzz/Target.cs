using Pipeline.Core;

namespace Pipeline.Fuzz;

/// <summary>A reader of bytes from outside, and the laws that hold for whatever it is given.</summary>
/// <param name="Name">As the command line takes it.</param>
/// <param name="Try">
/// Gives it an input. Bad input is refused in the documented way; anything else is thrown as it is, and a broken law as
/// a <see cref="LawException"/>.
/// </param>
/// <param name="Seeds">Good inputs to mutate, small ones first.</param>
public sealed record Target(string Name, Action<byte[]> Try, Func<IEnumerable<byte[]>> Seeds)
{
    /// <summary>Every target, by name.</summary>
    public static IReadOnlyList<Target> All { get; } =
    [
        new("event", EventLaws.Try, Corpus.Events),
        new("schema", SchemaLaws.Try, Corpus.Schemas),
        new("data", SchemaLaws.TryData, Corpus.Data),
        new("pattern", PatternLaws.Try, Corpus.Patterns),
        new("pack", PackLaws.Try, Corpus.Packs),
        new("batch", BatchLaws.Try, Corpus.Batches),
        new("command", CommandLaws.Try, Corpus.Commands),
    ];

    public override string ToString() => Name;
}

/// <summary>A law does not hold.</summary>
public sealed class LawException : Exception
{
    public LawException(string message)
        : base(message)
    {
    }

    public LawException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public LawException()
    {
    }

    /// <summary>Throws unless the law holds.</summary>
    public static void Unless(bool holds, string law)
    {
        if (!holds)
        {
            throw new LawException(law);
        }
    }

    /// <summary>An event on some bytes; false when they are none.</summary>
    internal static bool TryEvent(byte[] json, out Event @event) => Event.Read(
        new Record(json, "key"u8.ToArray(), default, DateTimeOffset.UnixEpoch), new EventErrors(), out @event) is null;
}
