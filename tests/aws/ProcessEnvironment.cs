namespace Pipeline.Tests.Aws;

/// <summary>Variables of this process's environment, for what reads them there; set back at the end.</summary>
internal sealed class ProcessEnvironment : IDisposable
{
    private readonly (string Name, string? Value)[] _before;

    public ProcessEnvironment(params (string Name, string Value)[] variables)
    {
        _before = [.. variables.Select(variable => (variable.Name, Read(variable.Name)))];
        foreach (var (name, value) in variables)
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }

    // RS0030: what is tested is told through the environment and nothing else.
#pragma warning disable RS0030
    public static string? Read(string name) => Environment.GetEnvironmentVariable(name);
#pragma warning restore RS0030

    public void Dispose()
    {
        foreach (var (name, value) in _before)
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }
}
