using Amazon.SQS.Model;
using Pipeline.Core;

namespace Pipeline.Tests.Contracts;

/// <summary>A queue service to which messages are sent through a port.</summary>
internal sealed class QueuesByPort(IQueuePort port, IQueueService service) : IQueueService
{
    public IReadOnlyCollection<Deviation> Deviations => service.Deviations;

    public string MissingQueue => service.MissingQueue;

    public Task<string> CreateAsync(QueueSettings settings) => service.CreateAsync(settings);

    public async Task<IReadOnlyList<SendResult>> SendAsync(string queue, IReadOnlyList<SendEntry> entries)
    {
        try
        {
            return await port.SendMessageBatchAsync(queue, entries, CancellationToken.None);
        }
        catch (PortFaultException fault) when (fault.InnerException is QueueDoesNotExistException missing)
        {
            throw new ServiceErrorException("QueueDoesNotExist", missing.Message);
        }
        catch (PortFaultException fault)
        {
            throw ServiceErrorException.From(fault);
        }
    }

    public Task<IReadOnlyList<DeliveredMessage>> ReceiveAsync(
        string queue, int count = 10, int? visibilitySeconds = null, int waitSeconds = 0) =>
        service.ReceiveAsync(queue, count, visibilitySeconds, waitSeconds);

    public Task DeleteAsync(string queue, params IReadOnlyList<string> receiptHandles) =>
        service.DeleteAsync(queue, receiptHandles);

    public Task ChangeVisibilityAsync(string queue, string receiptHandle, int seconds) =>
        service.ChangeVisibilityAsync(queue, receiptHandle, seconds);
}
