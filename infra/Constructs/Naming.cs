using Amazon.CDK;
using Constructs;

namespace Pipeline.Infra.Constructs;

/// <summary>Logical ids that are short and stay: replacing one replaces the resource.</summary>
internal static class Naming
{
    /// <summary>Gives the resource behind a construct its logical id.</summary>
    public static void HasLogicalId(this IConstruct construct, string id) =>
        ((CfnResource)construct.Node.DefaultChild!).OverrideLogicalId(id);

    /// <summary>Gives the policy that a role's grants end up in its logical id.</summary>
    public static void PolicyHasLogicalId(this Amazon.CDK.AWS.IAM.Role role, string id) =>
        role.Node.FindChild("DefaultPolicy").HasLogicalId(id);

    /// <summary>Adds an output of the stack.</summary>
    public static void Outputs(this Construct scope, string id, string value, string description) =>
        new CfnOutput(scope, id, new CfnOutputProps { Value = value, Description = description }).OverrideLogicalId(id);
}
