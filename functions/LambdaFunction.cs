using Amazon.Lambda.Core;

namespace Pipeline.Functions;

/// <summary>A function as the platform sees it: a payload's bytes in, a response's bytes out.</summary>
/// <param name="Name">The function's name in the catalogue.</param>
/// <param name="Handler">Handles one invocation; an exception is an invocation error.</param>
public sealed record LambdaFunction(string Name, Func<Stream, ILambdaContext, Task<Stream>> Handler)
{
    /// <summary>Puts a serializer around a typed handler, as the Lambda runtime does.</summary>
    public static LambdaFunction Create<TIn, TOut>(
        string name, Func<TIn, ILambdaContext, Task<TOut>> handler, ILambdaSerializer serializer) =>
        new(name, async (payload, context) =>
        {
            var answer = await handler(serializer.Deserialize<TIn>(payload), context);
            var response = new MemoryStream();
            serializer.Serialize(answer, response);
            response.Position = 0;
            return response;
        });
}
