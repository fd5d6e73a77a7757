namespace Amazon.Lambda.Core;

/// <summary>A caller known to Amazon Cognito.</summary>
public interface ICognitoIdentity
{
    /// <summary>The identity's id.</summary>
    string IdentityId { get; }

    /// <summary>The id of the pool that holds it.</summary>
    string IdentityPoolId { get; }
}
