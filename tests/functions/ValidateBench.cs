using System.Buffers;
using System.Text;
using Pipeline.Core;
using Pipeline.Functions;
using Pipeline.Functions.Adapters;
using Pipeline.Functions.Validate;
using Pipeline.Tests.Aws;
using Record = Pipeline.Core.Record;

namespace Pipeline.Tests.Functions;

/// <summary>Validate with the schemas of the repository.</summary>
internal static class ValidateBench
{
    public static readonly Position At = new("shardId-000000000004", SequenceNumber.Parse("4711"), 2);

    public static ConfigFolder Config { get; } = ConfigFolder.Open(
        new Settings("Test", new Dictionary<string, string> { ["LAMBDA_TASK_ROOT"] = Repository.PathOf("functions") }));

    private static SchemaSet Schemas { get; } = Config.Schemas();

    /// <summary>What becomes of a line.</summary>
    public static Outcome Validate(byte[] line, UnknownType unknownType = UnknownType.Reject) =>
        new ValidateEvent(Schemas, unknownType)
            .Apply(new Record(line, "key"u8.ToArray(), At, DateTimeOffset.UnixEpoch));

    public static Outcome Validate(string line, UnknownType unknownType = UnknownType.Reject) =>
        Validate(Encoding.UTF8.GetBytes(line), unknownType);

    /// <summary>An emitted event as it goes on.</summary>
    public static string Written(in Outcome outcome)
    {
        var output = new ArrayBufferWriter<byte>();
        EventWriter.Write(outcome.Event, outcome.Edits, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>All that is wrong, one a line.</summary>
    public static string Errors(in Outcome outcome) =>
        string.Join('\n', outcome.BadRow!.Errors.Select(error => $"{error.Pointer}: {error.Message}"));
}
