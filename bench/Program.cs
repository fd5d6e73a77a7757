using System.Globalization;
using Pipeline.Bench;

// The process's entry point names the system clock, and no benchmark has another.
#pragma warning disable RS0030
var time = TimeProvider.System;
#pragma warning restore RS0030

#if !NATIVE
var sizes = args.Skip(1).TakeWhile(_ => args[0] is "run" or "reshard")
    .Select(size => long.Parse(size, CultureInfo.InvariantCulture)).ToList();
if (args is ["run", ..])
{
    await new Stages(time).PrintAsync();
    using var runs = new WholeRuns(time);
    runs.Print(sizes.Count > 0 ? sizes : [100_000, 1_000_000]);
    return;
}
if (args is ["reshard", ..])
{
    using var runs = new WholeRuns(time);
    runs.PrintResharded(sizes.Count > 0 ? sizes : [1_000_000]);
    return;
}
if (args is ["start"])
{
    new Starts(time).Print();
    return;
}
if (args is not ["ratios"])
{
    BenchmarkDotNet.Running.BenchmarkSwitcher.FromAssembly(typeof(Readings).Assembly).Run(args);
    return;
}
#endif

var readings = new Readings();
Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture,
    $"{readings.Count} events of {readings.EventBytes} bytes, as many orders of {readings.DataBytes}; the best round"));
if (readings.Validate() != readings.Count)
{
    throw new InvalidOperationException("An order is not valid by the schema.");
}
Rounds.Compare(
    time, readings.Count, "ten patterns",
    ("Utf8JsonReader, whole event", readings.ReadEvents), ("PatternSet", readings.Match));
Rounds.Compare(
    time, readings.Count, "a schema", ("Utf8JsonReader, order", readings.ReadData), ("EventSchema", readings.Validate)
#if !NATIVE
    , ("NJsonSchema", new DocumentValidator(readings).Validate)
#endif
    );
