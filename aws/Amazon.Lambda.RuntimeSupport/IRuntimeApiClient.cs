namespace Amazon.Lambda.RuntimeSupport;

/// <summary>Speaks to the Runtime API.</summary>
public interface IRuntimeApiClient
{
    /// <summary>Reports that the function cannot start; the process is to end then.</summary>
    /// <param name="exception">Why not.</param>
    /// <param name="errorType">What kind of error, such as <c>Runtime.ConfigInvalid</c>; null for none.</param>
    Task ReportInitializationErrorAsync(
        Exception exception, string errorType = null, CancellationToken cancellationToken = default);
}
