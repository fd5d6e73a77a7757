using System.Text.Json.Nodes;
using Pipeline.Engine.Template;
using Xunit;

namespace Pipeline.Tests.Template;

public sealed class IntrinsicTests
{
    private const string Variable = "Enrich.Properties.Environment.Variables.VALUE";

    [Theory]
    [InlineData("""{ "Ref": "Raw" }""", "Raw")]
    [InlineData("""{ "Ref": "Data" }""", "data")]
    [InlineData("""{ "Ref": "Archive" }""", "Archive")]
    [InlineData("""{ "Ref": "EnrichRole" }""", "EnrichRole")]
    [InlineData("""{ "Ref": "Stage" }""", "test")]
    [InlineData("""{ "Ref": "Count" }""", "3")]
    [InlineData("""{ "Ref": "AWS::Region" }""", "us-east-1")]
    [InlineData("""{ "Ref": "AWS::AccountId" }""", "123456789012")]
    [InlineData("""{ "Ref": "AWS::Partition" }""", "aws")]
    [InlineData("""{ "Ref": "AWS::StackName" }""", "Pipeline")]
    [InlineData("""{ "Ref": "AWS::URLSuffix" }""", "amazonaws.com")]
    [InlineData("""{ "Fn::GetAtt": [ "Raw", "Arn" ] }""", "arn:aws:kinesis:us-east-1:123456789012:stream/Raw")]
    [InlineData("""{ "Fn::GetAtt": "Raw.Arn" }""", "arn:aws:kinesis:us-east-1:123456789012:stream/Raw")]
    [InlineData("""{ "Fn::GetAtt": [ "Data", "Arn" ] }""", "arn:aws:s3:::data")]
    [InlineData("""{ "Fn::GetAtt": [ "Data", "RegionalDomainName" ] }""", "data.s3.us-east-1.amazonaws.com")]
    [InlineData(
        """{ "Fn::GetAtt": [ "Archive", "Arn" ] }""",
        "arn:aws:firehose:us-east-1:123456789012:deliverystream/Archive")]
    [InlineData("""{ "Fn::GetAtt": [ "EnrichRole", "RoleId" ] }""", "EnrichRole.RoleId")]
    [InlineData(
        """{ "Fn::Sub": "${Raw}-${AWS::Region}-${Data.Arn}-${Stage}" }""",
        "Raw-us-east-1-arn:aws:s3:::data-test")]
    [InlineData("""{ "Fn::Sub": "a${!Raw}b$c{d}" }""", "a${Raw}b$c{d}")]
    [InlineData("""{ "Fn::Sub": [ "${Raw}/${Own}", { "Own": { "Ref": "Stage" }, "Raw": "mine" } ] }""", "mine/test")]
    [InlineData(
        """{ "Fn::Join": [ "-", [ "a", { "Ref": "AWS::NoValue" }, { "Ref": "Stage" }, 7, true ] ] }""",
        "a-test-7-true")]
    [InlineData("""{ "Fn::Join": [ "", [] ] }""", "")]
    [InlineData("""{ "Fn::Join": [ "+", { "Ref": "Colours" } ] }""", "red+green+blue")]
    [InlineData("""{ "Fn::Join": [ "+", { "Fn::Split": [ ",", "a,b,,c" ] } ] }""", "a+b++c")]
    [InlineData("""{ "Fn::Select": [ 1, { "Ref": "Colours" } ] }""", "green")]
    [InlineData(
        """{ "Fn::Select": [ "5", { "Fn::Split": [ ":", { "Fn::GetAtt": [ "Raw", "Arn" ] } ] } ] }""",
        "stream/Raw")]
    [InlineData("""{ "Fn::If": [ "IsTest", { "Ref": "Stage" }, { "Ref": "Nowhere" } ] }""", "test")]
    [InlineData("""{ "Fn::If": [ "IsLive", "live", "calm" ] }""", "calm")]
    [InlineData("12.50", "12.50")]
    [InlineData("true", "true")]
    public void An_intrinsic_function_has_its_value(string json, string value) =>
        Assert.Equal(value, Templates.With(Variable, json).Load().Functions[0].Environment["VALUE"]);

    [Theory]
    [InlineData("""{ "Ref": "AWS::NoValue" }""")]
    [InlineData("""{ "Fn::If": [ "IsLive", "x", { "Ref": "AWS::NoValue" } ] }""")]
    public void No_value_removes_the_property(string json) =>
        Assert.DoesNotContain("VALUE", Templates.With(Variable, json).Load().Functions[0].Environment);

    [Fact]
    public void The_ref_of_a_mapping_is_its_uuid()
    {
        var stack = Templates.Sample()
            .Set("Other", """
                { "Type": "AWS::Lambda::Function", "Properties": {
                  "Handler": "Other", "Environment": { "Variables": { "MAPPING": { "Ref": "EnrichMapping" } } } } }
                """).Load();

        var uuid = stack.Functions.Single(function => function.LogicalId == "Other").Environment["MAPPING"];
        Assert.Equal(stack.KinesisMappings[0].Uuid.ToString("D"), uuid);
        // SHA-256 of "EnrichMapping", with the version and variant of RFC 9562 set.
        Assert.Equal("93388277-4c83-86bc-8ee4-e1261d02c651", uuid);
    }

    [Fact]
    public void The_id_of_the_stack_is_an_arn_that_never_changes()
    {
        var stack = Templates.With(Variable, """{ "Ref": "AWS::StackId" }""").Load();

        Assert.Equal(
            $"arn:aws:cloudformation:us-east-1:123456789012:stack/Pipeline/{Account.Uuid("Pipeline")}",
            stack.Functions[0].Environment["VALUE"]);
    }

    [Theory]
    [InlineData(
        """{ "Ref": "Nowhere" }""",
        "Ref: found a reference to 'Nowhere'; honoured: resources and parameters of this template.")]
    [InlineData(
        """{ "Ref": [ "Raw" ] }""",
        "Ref: found arguments of another number or kind; honoured: the name of a resource or parameter.")]
    [InlineData(
        """{ "Ref": "OnlyLive" }""",
        "Ref: found a reference to 'OnlyLive', whose condition is false; honoured: resources that exist.")]
    [InlineData(
        """{ "Ref": "Secret" }""",
        "Ref: found the parameter 'Secret' without a Default; honoured: parameters with a Default.")]
    [InlineData(
        """{ "Ref": "BootstrapVersion" }""",
        "Ref: found the parameter 'BootstrapVersion' of type AWS::SSM::Parameter::Value<String>; honoured: "
            + "parameters whose Default is their value.")]
    [InlineData(
        """{ "Ref": "AWS::Moon" }""",
        "Ref: found the pseudo parameter 'AWS::Moon'; honoured: AWS::Region, AWS::AccountId, AWS::Partition, "
            + "AWS::URLSuffix, AWS::StackName, AWS::StackId, AWS::NoValue.")]
    [InlineData("""{ "Ref": "Colours" }""", ": found a list; honoured: a string.")]
    [InlineData(
        """{ "Fn::GetAtt": [ "Raw", "Color" ] }""",
        "Fn::GetAtt: found the attribute 'Raw.Color'; honoured: of AWS::Kinesis::Stream: Arn.")]
    [InlineData(
        """{ "Fn::GetAtt": "Raw" }""",
        "Fn::GetAtt: found arguments of another number or kind; honoured: \"logicalId.attribute\" or "
            + "[\"logicalId\", \"attribute\"].")]
    [InlineData(
        """{ "Fn::GetAtt": [ "Stage", "Arn" ] }""",
        "Fn::GetAtt: found a reference to 'Stage'; honoured: resources and parameters of this template.")]
    [InlineData("""{ "Fn::Sub": "${Raw" }""", "Fn::Sub: found '${Raw', in which a ${ never ends; honoured: ${name}.")]
    [InlineData(
        """{ "Fn::Sub": "${Nowhere}" }""",
        "Fn::Sub: found a reference to 'Nowhere'; honoured: resources and parameters of this template.")]
    [InlineData(
        """{ "Fn::Sub": [ "x" ] }""",
        "Fn::Sub: found arguments of another number or kind; honoured: a string, or a list of a string and an "
            + "object of its variables.")]
    [InlineData("""{ "Fn::Join": [ ",", "x" ] }""", "Fn::Join[1]: found 'x'; honoured: a list.")]
    [InlineData("""{ "Fn::Join": [ ",", [ {} ] ] }""", "Fn::Join[1][0]: found an object; honoured: a string.")]
    [InlineData(
        """{ "Fn::Join": [] }""",
        "Fn::Join: found arguments of another number or kind; honoured: a list of a delimiter and a list of strings.")]
    [InlineData(
        """{ "Fn::Select": [ 3, { "Ref": "Colours" } ] }""",
        "Fn::Select[0]: found the index '3'; honoured: indices from 0 into a list of 3 values.")]
    [InlineData(
        """{ "Fn::Select": [ -1, [ "a" ] ] }""",
        "Fn::Select[0]: found the index '-1'; honoured: indices from 0 into a list of 1 values.")]
    [InlineData(
        """{ "Fn::Select": 1 }""",
        "Fn::Select: found arguments of another number or kind; honoured: a list of an index and a list of values.")]
    [InlineData(
        """{ "Fn::Split": [ "", "x" ] }""",
        "Fn::Split: found arguments of another number or kind; honoured: a list of a delimiter and a string.")]
    [InlineData(
        """{ "Fn::If": [ "Nope", 1, 2 ] }""",
        "Fn::If[0]: found the condition 'Nope'; honoured: declared conditions (IsTest, IsLive).")]
    [InlineData(
        """{ "Fn::If": [ "IsTest", 1 ] }""",
        "Fn::If: found arguments of another number or kind; honoured: a list of a condition's name and two values.")]
    [InlineData(
        """{ "Fn::Sub": "x", "Other": 1 }""",
        ": found Fn::Sub beside other members; honoured: an intrinsic function alone in its object.")]
    [InlineData("null", ": found null; honoured: values (AWS::NoValue removes a property).")]
    public void A_wrong_intrinsic_function_is_refused_where_it_stands(string json, string problem)
    {
        var place = problem.StartsWith(':') ? $"{Variable}{problem}" : $"{Variable}.{problem}";

        Assert.Equal([place], Templates.With(Variable, json).Problems());
    }

    [Theory]
    [InlineData("Fn::GetAZs", """{ "Fn::GetAZs": "" }""")]
    [InlineData("Fn::ImportValue", """{ "Fn::ImportValue": "x" }""")]
    [InlineData("Fn::FindInMap", """{ "Fn::FindInMap": [ "a", "b", "c" ] }""")]
    [InlineData("Fn::Base64", """{ "Fn::Base64": "x" }""")]
    [InlineData("Fn::Equals", """{ "Fn::Equals": [ 1, 1 ] }""")]
    public void Any_other_intrinsic_function_is_refused_also_in_what_is_left_out(string function, string json)
    {
        var problem = Assert.Single(Templates.With("EnrichLogs.Properties.RetentionInDays", json).Problems());

        Assert.StartsWith(
            $"EnrichLogs.Properties.RetentionInDays.{function}: found the intrinsic function {function}; honoured: ",
            problem,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "Fn::Equals": [ { "Ref": "Stage" }, "test" ] }""", true)]
    [InlineData("""{ "Fn::Equals": [ { "Ref": "Count" }, 3 ] }""", true)]
    [InlineData("""{ "Fn::Equals": [ { "Ref": "Stage" }, "Test" ] }""", false)]
    [InlineData("""{ "Fn::Not": [ { "Fn::Equals": [ "a", "b" ] } ] }""", true)]
    [InlineData("""{ "Fn::And": [ { "Condition": "IsTest" }, { "Condition": "IsLive" } ] }""", false)]
    [InlineData("""{ "Fn::And": [ { "Condition": "IsTest" }, { "Condition": "IsTest" } ] }""", true)]
    [InlineData("""{ "Fn::Or": [ { "Condition": "IsTest" }, { "Condition": "IsLive" } ] }""", true)]
    [InlineData("""{ "Fn::Or": [ { "Condition": "IsLive" }, { "Condition": "IsLive" } ] }""", false)]
    [InlineData("""{ "Condition": "IsLive" }""", false)]
    public void A_condition_holds_or_not(string json, bool holds)
    {
        var template = Templates.With("/Conditions.Mine", json)
            .Set(Variable, """{ "Fn::If": [ "Mine", "yes", "no" ] }""");

        Assert.Equal(holds ? "yes" : "no", template.Load().Functions[0].Environment["VALUE"]);
    }

    [Theory]
    [InlineData(
        """{ "Condition": "Mine" }""",
        "Conditions.Mine.Condition: found the condition 'Mine', which refers to itself; honoured: conditions "
            + "without a circle.")]
    [InlineData(
        """{ "Condition": "Nope" }""",
        "Conditions.Mine.Condition: found the condition 'Nope'; honoured: declared conditions (IsTest, IsLive, Mine).")]
    [InlineData(
        """{ "Fn::Equals": [ { "Ref": "Raw" }, "x" ] }""",
        "Conditions.Mine.Fn::Equals[0].Ref: found a reference to 'Raw'; honoured: parameters, since conditions "
            + "see no resources.")]
    [InlineData(
        """{ "Fn::Equals": [ [], "x" ] }""",
        "Conditions.Mine.Fn::Equals[0]: found a list; honoured: a string.")]
    [InlineData(
        """{ "Fn::And": [ { "Condition": "IsTest" } ] }""",
        "Conditions.Mine.Fn::And: found arguments of another number or kind; honoured: two for Fn::Equals, one "
            + "for Fn::Not, 2 to 10 for Fn::And and Fn::Or, a name for Condition.")]
    [InlineData(
        """{ "Fn::Contains": [ [ "a" ], "a" ] }""",
        "Conditions.Mine.Fn::Contains: found Fn::Contains; honoured: Fn::Equals, Fn::Not, Fn::And, Fn::Or, Condition.")]
    [InlineData(
        "true",
        "Conditions.Mine: found JSON of kind True; honoured: an object with one of Fn::Equals, Fn::Not, "
            + "Fn::And, Fn::Or, Condition.")]
    public void A_wrong_condition_is_refused_also_when_nothing_uses_it(string json, string problem) =>
        Assert.Equal([problem], Templates.With("/Conditions.Mine", json).Problems());

    [Fact]
    public void A_list_of_places_counts_as_the_template_shows_it()
    {
        var types = new JsonArray(
            JsonNode.Parse("""{ "Ref": "AWS::NoValue" }"""), JsonNode.Parse("""{ "Ref": "Nowhere" }"""));

        Assert.Equal(
            ["EnrichMapping.Properties.FunctionResponseTypes[1].Ref: found a reference to 'Nowhere'; honoured: "
                + "resources and parameters of this template."],
            Templates.With("EnrichMapping.Properties.FunctionResponseTypes", types.ToJsonString()).Problems());
    }
}
