using System.Text;

namespace Pipeline.Tests.Aws;

/// <summary>Takes what is written to standard output meanwhile.</summary>
internal sealed class CapturedConsole : TextWriter
{
    private readonly TextWriter _console = Console.Out;
    private readonly StringBuilder _text = new();

    public CapturedConsole() => Console.SetOut(this);

    public override Encoding Encoding => Encoding.UTF8;

    public string Text
    {
        get
        {
            lock (_text)
            {
                return _text.ToString();
            }
        }
    }

    public override void Write(char value)
    {
        lock (_text)
        {
            _text.Append(value);
        }
    }

    protected override void Dispose(bool disposing)
    {
        Console.SetOut(_console);
        base.Dispose(disposing);
    }
}
