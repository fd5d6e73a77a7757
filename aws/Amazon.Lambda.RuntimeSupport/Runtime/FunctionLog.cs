using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport.Runtime;

/// <summary>The function's log on standard output: a line of text or a JSON object for each message.</summary>
internal sealed class FunctionLog(string format, string level) : ILambdaLogger
{
    private static readonly JsonWriterOptions Relaxed = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly bool _isJson = string.Equals(format, "Json", StringComparison.OrdinalIgnoreCase);
    private readonly bool _isPlain = string.Equals(format, "Unformatted", StringComparison.OrdinalIgnoreCase);
    private readonly LogLevel _least = LevelOf(level) ?? LogLevel.Information;
    private InvocationHeaders _invocation;

    /// <summary>Says whose messages follow.</summary>
    public void Begin(InvocationHeaders invocation) => _invocation = invocation;

    public void Log(string message) => Console.Out.Write(message);

    public void LogLine(string message) => Log(nameof(LogLevel.Information), message);

    public void Log(string level, string message) => Write(level, message, exception: null);

    public void LogError(string message) => Log(nameof(LogLevel.Error), message);

    /// <summary>Writes what a handler threw, with where it came from.</summary>
    public void Write(Exception exception) => Write(nameof(LogLevel.Error), message: null, exception);

    private void Write(string level, string message, Exception exception)
    {
        var known = LevelOf(level);
        if (known < _least)
        {
            return;
        }
        var now = Host.Now.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        Console.Out.WriteLine(
            _isJson ? ToJson(now, known?.ToString() ?? level, message, exception)
            : _isPlain ? ToText(message, exception)
            : $"{now}\t{_invocation?.RequestId}\t{Label(known) ?? level}\t{ToText(message, exception)}");
    }

    private static string ToText(string message, Exception exception) =>
        exception is null ? message : message is null ? exception.ToString() : $"{message}\n{exception}";

    private string ToJson(string now, string level, string message, Exception exception)
    {
        var bytes = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(bytes, Relaxed))
        {
            json.WriteStartObject();
            json.WriteString("timestamp", now);
            json.WriteString("level", level);
            if (_invocation is { } invocation)
            {
                json.WriteString("requestId", invocation.RequestId);
                if (invocation.TraceId is { } trace)
                {
                    json.WriteString("traceId", trace);
                }
            }
            json.WriteString("message", message);
            if (exception is not null)
            {
                json.WriteString("errorType", exception.GetType().FullName);
                json.WriteString("errorMessage", exception.Message);
                ErrorDocument.WriteStack(json, exception);
            }
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    /// <summary>The level of a name, the service's own names included; null when it is none.</summary>
    private static LogLevel? LevelOf(string name) => name?.ToUpperInvariant() switch
    {
        "TRACE" => LogLevel.Trace,
        "DEBUG" => LogLevel.Debug,
        "INFO" or "INFORMATION" => LogLevel.Information,
        "WARN" or "WARNING" => LogLevel.Warning,
        "ERROR" => LogLevel.Error,
        "FATAL" or "CRITICAL" => LogLevel.Critical,
        _ => null,
    };

    private static string Label(LogLevel? level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        LogLevel.Critical => "crit",
        _ => null,
    };
}
