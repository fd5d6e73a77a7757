using Pipeline.Fuzz;
using SharpFuzz;

// Fuzzes one target: under afl-fuzz, or once with a file that made it fail.
var names = string.Join(", ", Target.All.Select(target => target.Name));
if (args is ["seeds", var name, var folder] && Find(name) is { } seeded)
{
    Directory.CreateDirectory(folder);
    var index = 0;
    foreach (var seed in seeded.Seeds())
    {
        File.WriteAllBytes(Path.Combine(folder, $"{index++:D3}"), seed);
    }
    return 0;
}
if (args is ["instrument", var assembly])
{
    Fuzzer.Instrument(assembly, _ => true, Options.Value);
    return 0;
}
if (args is ["once", var failing, var file] && Find(failing) is { } tried)
{
    tried.Try(File.ReadAllBytes(file));
    Console.WriteLine("All laws hold.");
    return 0;
}
if (args is [var fuzzed] && Find(fuzzed) is { } target)
{
    Fuzzer.OutOfProcess.Run(stream =>
    {
        using var input = new MemoryStream();
        stream.CopyTo(input);
        target.Try(input.ToArray());
    });
    return 0;
}
Console.Error.WriteLine(
    "Usage: TARGET (under afl-fuzz) | once TARGET FILE | seeds TARGET FOLDER | instrument ASSEMBLY; "
    + $"targets: {names}.");
return 2;

static Target? Find(string name) => Target.All.FirstOrDefault(target => target.Name == name);
