using System.Text;
using Pipeline.Core.Commands;

namespace Pipeline.Fuzz;

/// <summary>A message is a command or the problem is told; a command that was read is read again as the same.</summary>
internal static class CommandLaws
{
    public static void Try(byte[] input)
    {
        var body = Encoding.UTF8.GetString(input);
        if (!CommandText.TryRead(body, out var command, out var problem))
        {
            LawException.Unless(!string.IsNullOrEmpty(problem), "A refusal says why.");
            return;
        }
        var written = CommandText.Write(command!);
        LawException.Unless(CommandText.TryRead(written, out var again, out _), "What was written can be read.");
        LawException.Unless(
            again! with { Arguments = default } == command! with { Arguments = default }
            && CommandText.Write(again) == written,
            "What is read again is the same.");
    }
}
