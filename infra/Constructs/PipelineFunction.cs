using System.Globalization;
using Amazon.CDK;
using Amazon.CDK.AWS.IAM;
using Amazon.CDK.AWS.Lambda;
using Amazon.CDK.AWS.Logs;
using Constructs;

namespace Pipeline.Infra.Constructs;

/// <summary>A function with its own role and log group; it may log, trace, and what it is granted later.</summary>
public sealed class PipelineFunction : Construct
{
    /// <summary>Adds the function.</summary>
    /// <param name="name">Its logical id, and the name by which the executable knows it.</param>
    public PipelineFunction(
        Construct scope, string name, Code code, StackOptions options, FunctionSize size, string description)
        : base(scope, "Function")
    {
        Name = name;
        var logs = new LogGroup(this, "Logs", new LogGroupProps
        {
            Retention = RetentionDays.ONE_MONTH,
            RemovalPolicy = RemovalPolicy.DESTROY,
        });
        logs.HasLogicalId(name + "Logs");

        Role = new Role(this, "Role", new RoleProps
        {
            AssumedBy = new ServicePrincipal("lambda.amazonaws.com"),
            Description = $"What {name} may do, and Lambda for it.",
        });
        Role.HasLogicalId(name + "Role");
        logs.GrantWrite(Role);
        Role.PolicyHasLogicalId(name + "RolePolicy");

        var isManaged = options.Runtime == StackOptions.Managed;
        Function = new Function(this, "Function", new FunctionProps
        {
            Description = description,
            Runtime = isManaged
                ? new Runtime(StackOptions.Managed, RuntimeFamily.DOTNET_CORE)
                : Runtime.PROVIDED_AL2023,
            Architecture = options.Architecture == StackOptions.Arm ? Architecture.ARM_64 : Architecture.X86_64,
            // Native code has no use for it; Lambda's .NET starts the assembly of that name.
            Handler = isManaged ? Publication.Assembly : name,
            Code = code,
            Role = Role,
            LogGroup = logs,
            Tracing = Tracing.ACTIVE,
            MemorySize = size.MemoryMebibytes,
            Timeout = Duration.Seconds(size.TimeoutSeconds),
            ReservedConcurrentExecutions = size.Reserved,
            Environment = new Dictionary<string, string>
            {
                ["PIPELINE_FUNCTION"] = name,
                ["FUNCTION_TIMEOUT_SECONDS"] = size.TimeoutSeconds.ToString(CultureInfo.InvariantCulture),
            },
        });
        Function.HasLogicalId(name);
        if (options.Endpoint is { } endpoint)
        {
            Set("AWS_ENDPOINT_URL", endpoint);
        }
    }

    /// <summary>The logical id, and the name by which the executable knows it.</summary>
    public string Name { get; }

    /// <summary>The name that AWS gives it.</summary>
    public string FunctionName => Function.FunctionName;

    /// <summary>Who it is when it asks for something.</summary>
    public Role Role { get; }

    private Function Function { get; }

    /// <summary>Adds a setting to its environment.</summary>
    public void Set(string variable, string value) => Function.AddEnvironment(variable, value);
}
