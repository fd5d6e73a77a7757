using System.CommandLine;
using System.Text.Json;
using Pipeline.Cli.Arguments;
using Pipeline.Cli.Run;
using Pipeline.Core;
using Pipeline.Engine;
using Pipeline.Engine.Feeding;
using Pipeline.Engine.Functions;
using Pipeline.Engine.Template;
using Pipeline.Engine.Time;

namespace Pipeline.Cli.Invoke;

/// <summary>
/// <c>pipeline invoke</c>: one invocation of one function with a Lambda payload, as <c>sam local invoke</c> does it,
/// without Docker.
/// </summary>
internal sealed class InvokeCommand : Command
{
    private const string StandardInput = "-";

    private readonly Terminal _terminal;
    private readonly Argument<string> _function = new("FUNCTION") { Description = "The function, such as Validate." };

    private readonly Option<string?> _event = BoundedOption.Path(
        "--event",
        "FILE|-",
        "The payload as Lambda sends it, such as events/Validate/normal.json; - is standard input.");

    private readonly Option<string?> _output = BoundedOption.Path(
        "--output",
        "DIR",
        "The bucket: what it writes stays there, and later invocations find it. Default: a temporary one.");

    private readonly Option<string?> _template = BoundedOption.Path(
        "--template",
        "FILE",
        "The synthesized template with the function and its settings. Default: the committed one.");

    private readonly IsolationArguments _isolation = new();

    private readonly Option<bool> _json = new("--json")
    {
        Description = "Print the response and all it did as JSON, alone on standard output.",
    };

    public InvokeCommand(Terminal terminal)
        : base(
            "invoke",
            "Invokes a function once with a Lambda payload: its response alone on standard output, what it did on"
            + " standard error.")
    {
        _terminal = terminal;
        _event.Required = true;
        Arguments.Add(_function);
        foreach (var option in new Option[] { _event, _output, _template, _json })
        {
            Options.Add(option);
        }
        _isolation.AddTo(this);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        try
        {
            return RunChecked(parsed);
        }
        catch (Exception error) when (error is TemplateException or ConfigurationException or InputException
            or IOException or UnauthorizedAccessException or LivelockException)
        {
            return _terminal.Fail(error.Message);
        }
    }

    /// <summary>Checks everything that can be wrong before it touches the output.</summary>
    private int RunChecked(ParseResult parsed)
    {
        var template = parsed.GetValue(_template) ?? TemplateFile.Default;
        var stack = TemplateLoader.Load(TemplateFile.Read(template), PathText.Shown(template), TemplateOptions.None);
        var name = parsed.GetValue(_function)!;
        if ((Find(stack, f => f.Function, name) ?? Find(stack, f => f.LogicalId, name)) is not { } function)
        {
            var names = string.Join(", ", stack.Functions.Select(f => f.Function));
            _terminal.Error.WriteLine($"pipeline invoke: there is no function '{name}'; there are {names}.");
            return Terminal.WrongUsage;
        }
        var payload = ReadEvent(parsed.GetValue(_event)!, stack, function);
        var output = parsed.GetValue(_output);
        using var isolated = IsolatedRun.Begin(_isolation.Read(parsed), _terminal.Error);
        var options = new EngineOptions("", PathText.Home, Seed: 0) { Isolation = isolated?.Options };
        LoneFunction.Check(function, options);
        using var folder = BucketFolder.Open(output);
        var report = InvocationReport.Invoke(
            stack, function, options with { OutputDirectory = folder.Path }, payload);
        if (parsed.GetValue(_json))
        {
            InvocationJson.Write(report, _terminal.Output);
        }
        else
        {
            _terminal.Output.Write(report.Result.Response.Span);
            _terminal.Output.Write("\n"u8);
            InvocationText.Write(report, isKept: output is not null, _terminal.Error);
        }
        return report.Result.Succeeded ? 0 : _terminal.Fail($"{function.Function} failed: {MessageOf(report.Result)}");
    }

    private LambdaEvent ReadEvent(string file, StackModel stack, FunctionModel function)
    {
        var name = file == StandardInput ? "standard input" : file;
        try
        {
            using var source = file == StandardInput ? _terminal.Input() : File.OpenRead(file);
            using var bytes = new MemoryStream();
            source.CopyTo(bytes);
            return LambdaEvent.Read(name, bytes.ToArray(), stack, function);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"the event '{name}' cannot be read: {error.Message}", error);
        }
    }

    private static FunctionModel? Find(StackModel stack, Func<FunctionModel, string> name, string wanted) =>
        stack.Functions.FirstOrDefault(function => name(function) == wanted);

    private static string MessageOf(InvocationResult failed)
    {
        using var document = JsonDocument.Parse(failed.Response);
        var name = failed.WasThrottled ? "message" : "errorMessage";
        // A process of its own may report any document.
        return document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty(name, out var message)
            ? $"{failed.ErrorType}: {message}"
            : $"{failed.ErrorType}";
    }
}
