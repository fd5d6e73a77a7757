using System.Text;
using System.Text.RegularExpressions;
using Pipeline.Core;

namespace Pipeline.Engine.Template;

/// <summary>A Lambda function.</summary>
/// <param name="Name">Its physical name.</param>
/// <param name="Function">What it runs: its environment's <c>PIPELINE_FUNCTION</c>, else its Handler.</param>
/// <param name="Timeout">1 s to 15 min; 3 s when the template gives none.</param>
/// <param name="MemoryMebibytes">128 to 10,240; 128 when the template gives none.</param>
/// <param name="Environment">Its environment variables.</param>
/// <param name="ReservedConcurrency">
/// Most invocations at a time, from 0; null when only the account bounds them.
/// </param>
public sealed record FunctionModel(
    string LogicalId,
    string Name,
    string Arn,
    string Function,
    TimeSpan Timeout,
    int MemoryMebibytes,
    IReadOnlyDictionary<string, string> Environment,
    int? ReservedConcurrency) : ResourceModel(LogicalId);

/// <summary>Source: "AWS::Lambda::Function"; "Lambda quotas".</summary>
internal sealed partial class FunctionType : ResourceType
{
    public const string Id = "AWS::Lambda::Function";

    private const string FunctionVariable = "PIPELINE_FUNCTION";
    private const int TimeoutSecondsDefault = 3;

    public override string Type => Id;

    public override string NameProperty => "FunctionName";

    public override string Arn(string name) => Account.Arn("lambda", $"function:{name}");

    public override ResourceModel Read(PropertyReader properties, ResourceReading resource)
    {
        properties.Name(NameProperty, NameForm(), "1 to 64 of a-z, A-Z, 0-9, '-', '_'");
        properties.Only("PackageType", "Zip");
        properties.Only("Runtime", "provided.al2023", "provided.al2", "dotnet8", "dotnet10");
        var timeout = properties.Whole("Timeout", 1, Limits.FunctionTimeoutSecondsMax, TimeoutSecondsDefault);
        var memory = properties.Whole(
            "MemorySize", Limits.FunctionMemoryMebibytesMin, Limits.FunctionMemoryMebibytesMax,
            Limits.FunctionMemoryMebibytesMin);
        var reserved = properties.OptionalWhole("ReservedConcurrentExecutions", 0, int.MaxValue);
        var environment = ReadEnvironment(properties);
        var handler = properties.Text("Handler");
        var function = environment.GetValueOrDefault(FunctionVariable, handler ?? "");
        if (function.Length == 0)
        {
            properties.Problem("Handler", "nothing", $"the function's name, here or in {FunctionVariable}");
        }
        properties.Ignore(
            "Architectures", "Code", "Description", "KmsKeyArn", "LoggingConfig", "Role", "RuntimeManagementConfig",
            "Tags", "TracingConfig");
        properties.Finish();
        return new FunctionModel(
            resource.LogicalId, resource.Name, Arn(resource.Name), function, TimeSpan.FromSeconds(timeout), memory,
            environment, reserved);
    }

    private static IReadOnlyDictionary<string, string> ReadEnvironment(PropertyReader properties)
    {
        if (properties.Object("Environment") is not { } environment)
        {
            return new Dictionary<string, string>();
        }
        var variables = environment.Texts("Variables");
        foreach (var name in variables.Keys.Where(name => !VariableForm().IsMatch(name)))
        {
            environment.Problem("Variables", $"'{name}'", "names of a-z, A-Z, 0-9, '_', a letter first, at least two");
        }
        var bytes = variables.Sum(variable => Encoding.UTF8.GetByteCount(variable.Key + variable.Value));
        if (bytes > Limits.FunctionEnvironmentBytesMax)
        {
            environment.Problem("Variables", $"{bytes} bytes", $"at most {Limits.FunctionEnvironmentBytesMax}");
        }
        environment.Finish();
        return variables;
    }

    [GeneratedRegex(@"\A[a-zA-Z0-9_-]{1,64}\z")]
    private static partial Regex NameForm();

    [GeneratedRegex(@"\A[a-zA-Z][a-zA-Z0-9_]+\z")]
    private static partial Regex VariableForm();
}
