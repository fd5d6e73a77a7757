namespace Amazon.Lambda.Core;

/// <summary>The calling app and its device, from the AWS Mobile SDK.</summary>
public interface IClientContext
{
    /// <summary>The device's environment, as the SDK describes it.</summary>
    IDictionary<string, string> Environment { get; }

    /// <summary>The calling app.</summary>
    IClientApplication Client { get; }

    /// <summary>Values the app sets itself.</summary>
    IDictionary<string, string> Custom { get; }
}
