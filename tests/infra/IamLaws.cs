using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Pipeline.Tests.Infra;

/// <summary>The laws about who may do what.</summary>
internal static partial class IamLaws
{
    // "Actions, resources, and condition keys for AWS X-Ray": these two know no resource.
    private static readonly string[] ActionsWithoutResource = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"];

    public static IEnumerable<string> Nothing_is_allowed_to_all_or_on_all(Template template)
    {
        foreach (var (owner, statement) in AllowedStatements(template))
        {
            foreach (var member in new[] { "NotAction", "NotResource", "NotPrincipal" })
            {
                if (statement.ContainsKey(member))
                {
                    yield return $"{owner.Id}: allows by {member}";
                }
            }

            var actions = Texts(statement["Action"]);
            foreach (var action in actions.Where(action => action.Contains('*')))
            {
                yield return $"{owner.Id}: allows {action}";
            }

            if (!actions.All(ActionsWithoutResource.Contains))
            {
                foreach (var resource in Texts(statement["Resource"]).Where(text => Everything().IsMatch(text)))
                {
                    yield return $"{owner.Id}: allows {string.Join(", ", actions)} on {resource}";
                }
            }

            if (statement["Principal"]?.ToJsonString().Contains("\"*\"") == true)
            {
                yield return $"{owner.Id}: allows everyone";
            }
        }
    }

    public static IEnumerable<string> Functions_read_their_source_and_write_their_output_only(Template template)
    {
        foreach (var function in template.OfType("AWS::Lambda::Function"))
        {
            var output = template.Referred(function["Environment", "Variables", "OUTPUT_STREAM"]);
            var sources = template.OfType("AWS::Lambda::EventSourceMapping")
                .Where(mapping => template.Referred(mapping["FunctionName"]) == function)
                .Select(mapping => mapping["EventSourceArn"])
                .ToList();
            var granted = Granted(template, function);
            foreach (var (action, resource) in granted.Where(pair => pair.Action.StartsWith("kinesis:")))
            {
                var right = action.StartsWith("kinesis:Put")
                    ? template.Referred(resource) == output
                    : sources.Contains(resource);
                if (!right)
                {
                    yield return $"{function.Id}: may {action} on {resource}";
                }
            }

            if (output is not null && !granted.Contains(("kinesis:PutRecords", $"${{{output.Id}.Arn}}")))
            {
                yield return $"{function.Id}: cannot write {output.Id}";
            }

            foreach (var source in sources.Where(source => !granted.Contains(("kinesis:GetRecords", source!))))
            {
                yield return $"{function.Id}: cannot read {source}";
            }
        }
    }

    public static IEnumerable<string> Roles_have_no_managed_policies(Template template) =>
        from resource in template.Resources
        where resource.Type.StartsWith("AWS::IAM::")
        where resource.Properties.ContainsKey("ManagedPolicyArns")
        select $"{resource.Id}: has policies that AWS may widen";

    /// <summary>What a function's role may do: every action with every resource.</summary>
    public static HashSet<(string Action, string Resource)> Granted(Template template, Resource function)
    {
        var role = template.Referred(function["Role"]);
        return
        [
            .. from grant in AllowedStatements(template)
               where grant.Owner == role || (grant.Owner.At("Roles") is { } roles
                   && Texts(roles).Any(text => template.Referred(text) == role))
               from action in Texts(grant.Statement["Action"])
               from resource in Texts(grant.Statement["Resource"])
               select (action, resource),
        ];
    }

    private static IEnumerable<(Resource Owner, JsonObject Statement)> AllowedStatements(Template template) =>
        from resource in template.Resources
        from part in resource.Objects()
        where Template.Text(part["Effect"]) == "Allow"
        select (resource, part);

    private static List<string> Texts(JsonNode? oneOrMany) =>
        oneOrMany is null ? [] : [.. Template.List(oneOrMany).Select(Template.Text)];

    // A star alone, or all of a bucket: `${Data.Arn}/*`. A star below a prefix is as narrow as S3 can be.
    [GeneratedRegex(@"^(\*|\$\{[^}]*\}/?\*|arn:.*:\*)$")]
    private static partial Regex Everything();
}
