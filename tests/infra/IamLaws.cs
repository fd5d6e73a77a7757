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
            var needed = Needed(template, function).ToHashSet();
            var granted = Granted(template, function)
                .Where(right => right.Action.StartsWith("kinesis:") || right.Action.StartsWith("sqs:"))
                .ToHashSet();
            foreach (var (action, resource) in granted.Except(needed))
            {
                yield return $"{function.Id}: may {action} on {resource}";
            }

            foreach (var (action, resource) in needed.Except(granted))
            {
                yield return $"{function.Id}: cannot {action} on {resource}";
            }
        }
    }

    public static IEnumerable<string> Functions_touch_only_their_objects(Template template)
    {
        foreach (var function in template.OfType("AWS::Lambda::Function"))
        {
            var bucket = $"${{{template.Referred(function["Environment", "Variables", "BUCKET"])?.Id}.Arn}}";
            var allowed = Sources(template, function).Any(source => template.StreamOf(source) is not null)
                ? FilterObjects(function, bucket)
                : CommandObjects(bucket);
            var granted = Granted(template, function).Where(right => right.Action.StartsWith("s3:")).ToHashSet();
            foreach (var (action, resource) in granted.Except(allowed))
            {
                yield return $"{function.Id}: may {action} on {resource}";
            }

            foreach (var (action, resource) in allowed.Except(granted))
            {
                yield return $"{function.Id}: cannot {action} on {resource}";
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

    /// <summary>What a function must be allowed on streams and queues, by its mapping and its environment.</summary>
    private static IEnumerable<(string Action, string Resource)> Needed(Template template, Resource function)
    {
        foreach (var source in Sources(template, function))
        {
            if (template.StreamOf(source) is not { } stream)
            {
                // "AWSLambdaSQSQueueExecutionRole".
                string[] taking = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"];
                foreach (var action in taking)
                {
                    yield return (action, source);
                }

                continue;
            }

            // "AWSLambdaKinesisExecutionRole".
            string[] reading =
                ["DescribeStream", "DescribeStreamSummary", "GetRecords", "GetShardIterator", "ListShards"];
            foreach (var action in reading)
            {
                yield return ("kinesis:" + action, $"${{{stream.Id}.Arn}}");
            }

            if (template.Referred(source) != stream)
            {
                yield return ("kinesis:DescribeStreamConsumer", source);
                yield return ("kinesis:SubscribeToShard", source);
            }
        }

        foreach (var (variable, value) in function.At("Environment", "Variables") as JsonObject ?? [])
        {
            var pipe = $"${{{template.Referred(Template.Text(value))?.Id}.Arn}}";
            if (variable == "OUTPUT_STREAM")
            {
                yield return ("kinesis:PutRecords", pipe);
            }
            else if (variable.StartsWith("QUEUE_", StringComparison.Ordinal))
            {
                yield return ("sqs:SendMessage", pipe);
            }
        }
    }

    private static List<string> Sources(Template template, Resource function) =>
    [
        .. from mapping in template.OfType("AWS::Lambda::EventSourceMapping")
           where template.Referred(mapping["FunctionName"]) == function
           select mapping["EventSourceArn"],
    ];

    // Its own bad rows, and what Lambda gives up in its name; Enrich looks addresses up besides.
    private static List<(string Action, string Resource)> FilterObjects(Resource function, string bucket) =>
    [
        ("s3:PutObject", $"{bucket}/rejected/{function.Id}/*"),
        ("s3:PutObject", $"{bucket}/aws/lambda/*"),
        ("s3:ListBucket", bucket),
        .. function.Id == "Enrich" ? [("s3:GetObject", $"{bucket}/blocklist.json")] : Array.Empty<(string, string)>(),
    ];

    // The record of a command, and what its effects leave behind.
    private static List<(string Action, string Resource)> CommandObjects(string bucket) =>
    [
        ("s3:ListBucket", bucket),
        .. from objects in new[] { "commands/*", "incidents/*", "notifications/*", "blocklist.json" }
           from action in new[] { "s3:GetObject", "s3:PutObject" }
           select (action, $"{bucket}/{objects}"),
    ];

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
