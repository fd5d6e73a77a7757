using Amazon.Kinesis.Internal;
using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace Amazon.Kinesis;

/// <content>How the client is fitted into the pipeline of AWSSDK.Core.</content>
public partial class AmazonKinesisClient
{
    protected override IServiceMetadata ServiceMetadata => KinesisService.Metadata;

    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        pipeline.RemoveHandler<EndpointResolver>();
        pipeline.AddHandlerAfter<Marshaller>(new KinesisEndpointResolver());
        pipeline.AddHandlerAfter<Marshaller>(new KinesisAuthHandler());
    }

    // The official client has it too, and a caller may derive from either.
    protected override void Dispose(bool disposing) => base.Dispose(disposing);

    private Task<TResponse> RunAsync<TRequest, TResponse>(
        Operation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
        where TRequest : AmazonKinesisRequest
        where TResponse : AmazonWebServiceResponse, new() =>
        InvokeAsync<TResponse>(
            request, new InvokeOptions { RequestMarshaller = operation, ResponseUnmarshaller = operation },
            cancellationToken);
}
