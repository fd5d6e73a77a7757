namespace Pipeline.Functions.Execute;

/// <summary>Knows how to carry out the commands of one name.</summary>
public interface ICommandHandler
{
    /// <summary>Reads the arguments and says what is to be done with them; touches nothing yet.</summary>
    /// <exception cref="InvalidArgumentsException">An argument is missing or wrong.</exception>
    Work Prepare(CommandArguments arguments);
}
