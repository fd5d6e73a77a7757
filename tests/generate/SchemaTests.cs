using System.Text.Json;
using Xunit;

namespace Pipeline.Tests.Generate;

public class SchemaTests
{
    public static TheoryData<string> Types => [.. SchemaCheck.Schemas.Keys];

    [Theory]
    [MemberData(nameof(Types))]
    public void A_schema_describes_an_object_that_may_grow(string type)
    {
        JsonElement schema = SchemaCheck.Schemas[type];

        Assert.Equal("https://json-schema.org/draft/2020-12/schema", schema.Text("$schema"));
        Assert.Equal(type, schema.Text("title"));
        Assert.Equal("object", schema.Text("type"));
        Assert.True(schema.GetProperty("additionalProperties").GetBoolean());
        Assert.All(
            schema.GetProperty("required").EnumerateArray(),
            name => Assert.True(schema.GetProperty("properties").TryGetProperty(name.GetString()!, out _)));
    }

    [Theory]
    [InlineData("auth.login", """{"ip":"not an address","user":"anna","outcome":"success","device":"new"}""", 0)]
    [InlineData("auth.login", """{"ip":"","user":"anna","outcome":"success"}""", 1)]
    [InlineData("auth.login", """{"ip":"10.0.0.1","user":"","outcome":"Success"}""", 2)]
    [InlineData("auth.login", "{}", 1)]
    [InlineData("app.error", """{"service":"search","message":"no answer"}""", 0)]
    [InlineData("app.error", """{"service":"Search","message":"no answer","stack":null}""", 2)]
    [InlineData("payment.settled", """{"orderId":"1","amount":0.01,"currency":"EUR","customer":"c"}""", 0)]
    [InlineData("payment.settled", """{"orderId":"1","amount":0,"currency":"eur","customer":"c"}""", 2)]
    [InlineData("deploy.finished", """{"service":"search","version":"2026.1-rc.1+7"}""", 0)]
    [InlineData("deploy.finished", """{"service":"search","version":7}""", 1)]
    public void Data_is_judged_as_its_type_is_meant(string type, string data, int errors) =>
        Assert.Equal(errors, SchemaCheck.Errors(Generated.Parse(
            System.Text.Encoding.UTF8.GetBytes($$"""{"type":"{{type}}","data":{{data}}}"""))).Count);
}
