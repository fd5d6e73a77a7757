using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>Makes a handler of invocations of a function's method.</summary>
public class HandlerWrapper : IDisposable
{
    private HandlerWrapper(LambdaBootstrapHandler handler) => Handler = handler;

    /// <summary>The handler made.</summary>
    public LambdaBootstrapHandler Handler { get; private set; }

    /// <summary>Of a method from bytes to bytes; the stream it answers is closed once it was sent.</summary>
    public static HandlerWrapper GetHandlerWrapper(Func<Stream, ILambdaContext, Task<Stream>> handler) =>
        new(async invocation =>
            new InvocationResponse(await handler(invocation.InputStream, invocation.LambdaContext)));

    /// <summary>Of a method without a result: the response is empty.</summary>
    public static HandlerWrapper GetHandlerWrapper<TInput>(
        Func<TInput, ILambdaContext, Task> handler, ILambdaSerializer serializer) =>
        new(async invocation =>
        {
            await handler(serializer.Deserialize<TInput>(invocation.InputStream), invocation.LambdaContext);
            return new InvocationResponse(Stream.Null, disposeOutputStream: false);
        });

    /// <summary>Of a method from an object to an object.</summary>
    public static HandlerWrapper GetHandlerWrapper<TInput, TOutput>(
        Func<TInput, ILambdaContext, Task<TOutput>> handler, ILambdaSerializer serializer)
    {
        // One stream serves all invocations: they come one after the other.
        var response = new MemoryStream();
        return new(async invocation =>
        {
            var input = serializer.Deserialize<TInput>(invocation.InputStream);
            var output = await handler(input, invocation.LambdaContext);
            response.SetLength(0);
            serializer.Serialize(output, response);
            response.Position = 0;
            return new InvocationResponse(response, disposeOutputStream: false);
        });
    }

    /// <summary>Holds nothing that must be closed.</summary>
    public void Dispose() => GC.SuppressFinalize(this);
}
