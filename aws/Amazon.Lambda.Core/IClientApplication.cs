namespace Amazon.Lambda.Core;

/// <summary>The app that called through the AWS Mobile SDK.</summary>
public interface IClientApplication
{
    /// <summary>Package name.</summary>
    string AppPackageName { get; }

    /// <summary>Title.</summary>
    string AppTitle { get; }

    /// <summary>Version code, as the platform counts builds.</summary>
    string AppVersionCode { get; }

    /// <summary>Version, as a user sees it.</summary>
    string AppVersionName { get; }

    /// <summary>Id of this installation.</summary>
    string InstallationId { get; }
}
