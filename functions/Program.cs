using System.Collections;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Pipeline.Functions;
using Pipeline.Functions.Adapters;

// RS0030: the process's entry point; what the machine says is taken here, once, and passed on.
#pragma warning disable RS0030
var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
    .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? "", StringComparer.Ordinal);
var time = TimeProvider.System;
#pragma warning restore RS0030
var random = new Random(RandomNumberGenerator.GetInt32(int.MaxValue));
var output = new StandardOutput(Console.OpenStandardOutput());

using var stopping = new CancellationTokenSource();
using var signal = PosixSignalRegistration.Create(PosixSignal.SIGTERM, received =>
{
    received.Cancel = true;
    stopping.Cancel();
});
return await FunctionProcess.RunAsync(environment, output, Console.Error, time, random, stopping.Token);
