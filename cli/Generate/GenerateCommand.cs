using System.CommandLine;
using System.Globalization;
using Pipeline.Cli.Arguments;

namespace Pipeline.Cli.Generate;

/// <summary><c>pipeline generate</c>: writes sample events as NDJSON.</summary>
internal sealed class GenerateCommand : Command
{
    private readonly Terminal _terminal;

    private readonly Option<long> _events = BoundedOption.Integer(
        "--events", "Lines to write, bad ones and repeats included.", 0, GenerateOptions.EventsMax);

    private readonly Option<long> _seed = BoundedOption.Integer(
        "--seed", "Another seed makes other events. Default: 0.", 0, long.MaxValue);

    private readonly Option<double?> _rate = BoundedOption.Number(
        "--rate",
        "N",
        "Events per second of event time. Default: so many that 10,000 take an hour.",
        GenerateOptions.RateMin,
        GenerateOptions.RateMax);

    private readonly Option<double?> _badRate = BoundedOption.Number(
        "--bad-rate", "R", "Share of lines that are bad, in one of many ways. Default: 0.", 0, 1);

    private readonly Option<double?> _duplicateRate = BoundedOption.Number(
        "--duplicate-rate", "R", "Share of lines that repeat an event of the last ten minutes. Default: 0.", 0, 1);

    private readonly Option<TimeSpan> _disorder = BoundedOption.Span(
        "--disorder",
        "How much later than its time an event's line may come. Default: 0s.",
        GenerateOptions.DisorderMax);

    private readonly Option<DateTimeOffset?> _start = BoundedOption.Instant(
        "--start",
        "When the events begin. Default: 2026-01-05T08:00:00Z.",
        GenerateOptions.YearMin,
        GenerateOptions.YearMax);

    private readonly Option<string?> _output = BoundedOption.Path(
        "--output", "FILE", "The file to write, replaced if it exists. Default: standard output.");

    /// <param name="terminal">Takes the events unless <c>--output</c> names a file.</param>
    public GenerateCommand(Terminal terminal)
        : base("generate", "Writes sample events as NDJSON: the same options make the same bytes.")
    {
        _terminal = terminal;
        _events.Required = true;
        Options.Add(_events);
        Options.Add(_seed);
        Options.Add(_rate);
        Options.Add(_badRate);
        Options.Add(_duplicateRate);
        Options.Add(_disorder);
        Options.Add(_start);
        Options.Add(_output);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        var options = new GenerateOptions(parsed.GetValue(_events))
        {
            Seed = parsed.GetValue(_seed),
            Rate = parsed.GetValue(_rate) ?? GenerateOptions.RateDefault,
            BadRate = parsed.GetValue(_badRate) ?? 0,
            DuplicateRate = parsed.GetValue(_duplicateRate) ?? 0,
            Disorder = parsed.GetValue(_disorder),
            Start = parsed.GetValue(_start) ?? GenerateOptions.StartDefault,
        };
        if (options.Error() is string sentence)
        {
            _terminal.Error.WriteLine($"pipeline {Name}: {sentence}");
            return Terminal.WrongUsage;
        }

        string? file = parsed.GetValue(_output);
        try
        {
            if (file is null)
            {
                EventGenerator.Write(options, _terminal.Output);
                return 0;
            }

            using var stream = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
            EventGenerator.Write(options, stream, _terminal.Interactive ? Progress(options) : null);
            return 0;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return _terminal.Fail($"cannot write {file ?? "to standard output"}: {fault.Message}");
        }
    }

    private Action<long> Progress(GenerateOptions options) => written =>
    {
        string line = string.Create(CultureInfo.InvariantCulture, $"\r{written:N0} of {options.Events:N0} events");
        _terminal.Error.Write(written == options.Events ? line + Environment.NewLine : line);
    };
}
