using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Amazon.Lambda.RuntimeSupport.Runtime;

/// <summary>
/// An exception as the Runtime API takes it: <c>errorType</c>, <c>errorMessage</c>, <c>stackTrace</c>, and what caused
/// it as <c>cause</c> and <c>causes</c>.
/// </summary>
internal static class ErrorDocument
{
    /// <summary>256 KiB; a larger document goes without what caused the error, then with a shorter message.</summary>
    private const int BytesMax = 256 * 1024;

    /// <summary>Of a message too long, in characters.</summary>
    private const int MessageMax = 32 * 1024;

    /// <summary>Exceptions in one another.</summary>
    private const int DepthMax = 16;

    private static readonly JsonWriterOptions Relaxed = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The document's bytes.</summary>
    public static byte[] Write(Exception exception)
    {
        var document = Write(exception, exception.Message, DepthMax);
        if (document.WrittenCount > BytesMax)
        {
            document = Write(exception, Shorten(exception.Message), depth: 1);
        }
        return document.WrittenSpan.ToArray();
    }

    /// <summary>The name as a header's value: what is not ASCII cannot stand there.</summary>
    public static string ToHeader(string errorType) =>
        string.Create(errorType.Length, errorType, static (header, name) =>
        {
            for (var index = 0; index < header.Length; index++)
            {
                header[index] = name[index] is > ' ' and < '\x7f' ? name[index] : '?';
            }
        });

    /// <summary>Writes the member <c>stackTrace</c>; nothing for an exception that was never thrown.</summary>
    public static void WriteStack(Utf8JsonWriter json, Exception exception)
    {
        if (exception.StackTrace is not { } stack)
        {
            return;
        }
        json.WriteStartArray("stackTrace");
        foreach (var frame in stack.AsSpan().EnumerateLines())
        {
            json.WriteStringValue(frame.Trim());
        }
        json.WriteEndArray();
    }

    private static ArrayBufferWriter<byte> Write(Exception exception, string message, int depth)
    {
        var document = new ArrayBufferWriter<byte>(1024);
        using var json = new Utf8JsonWriter(document, Relaxed);
        Write(json, exception, message, depth);
        json.Flush();
        return document;
    }

    private static void Write(Utf8JsonWriter json, Exception exception, string message, int depth)
    {
        json.WriteStartObject();
        json.WriteString("errorType", exception.GetType().Name);
        json.WriteString("errorMessage", message);
        WriteStack(json, exception);
        if (depth > 1 && exception.InnerException is { } inner)
        {
            json.WritePropertyName("cause");
            Write(json, inner, inner.Message, depth - 1);
        }
        if (depth > 1 && exception is AggregateException { InnerExceptions.Count: > 0 } aggregate)
        {
            json.WriteStartArray("causes");
            foreach (var one in aggregate.InnerExceptions)
            {
                Write(json, one, one.Message, depth - 1);
            }
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static string Shorten(string message)
    {
        if (message.Length <= MessageMax)
        {
            return message;
        }
        var length = char.IsHighSurrogate(message[MessageMax - 1]) ? MessageMax - 1 : MessageMax;
        return string.Concat(message.AsSpan(0, length), "\u2026");
    }
}
