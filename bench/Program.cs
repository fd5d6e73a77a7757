using System.Globalization;
using Pipeline.Bench;

// The process's entry point names the system clock, and no benchmark has another.
#pragma warning disable RS0030
var time = TimeProvider.System;
#pragma warning restore RS0030

#if !NATIVE
if (args is not ["ratios"])
{
    BenchmarkDotNet.Running.BenchmarkSwitcher.FromAssembly(typeof(Readings).Assembly).Run(args);
    return;
}
#endif

var readings = new Readings();
Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture,
    $"{readings.Count} events of {readings.EventBytes} bytes, data of {readings.DataBytes} bytes; the best round"));
Rounds.Compare(
    time, readings.Count, "ten patterns",
    ("Utf8JsonReader, whole event", readings.ReadEvents), ("PatternSet", readings.Match));
Rounds.Compare(
    time, readings.Count, "a schema", ("Utf8JsonReader, data", readings.ReadData), ("EventSchema", readings.Validate)
#if !NATIVE
    , ("NJsonSchema", new DocumentValidator(readings).Validate)
#endif
    );
