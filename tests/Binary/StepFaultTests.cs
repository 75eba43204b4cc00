using Assimilator.Tests.Support;

namespace Assimilator.Tests.Binary;

// One class a step: the runner runs classes side by side.

public sealed class PreexecFaultTests(PushgatewayFixture gateway) : IClassFixture<PushgatewayFixture>
{
    public static TheoryData<Fault> Faults => FaultMatrix.FaultsOf(RunStep.Preexec);

    [Theory]
    [MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public void Preexec(Fault fault) => FaultMatrix.Run(fault, RunStep.Preexec, gateway.Server);
}

public sealed class CreateFaultTests(PushgatewayFixture gateway) : IClassFixture<PushgatewayFixture>
{
    public static TheoryData<Fault> Faults => FaultMatrix.FaultsOf(RunStep.Create);

    [Theory]
    [MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public void Create(Fault fault) => FaultMatrix.Run(fault, RunStep.Create, gateway.Server);
}

public sealed class PruneFaultTests(PushgatewayFixture gateway) : IClassFixture<PushgatewayFixture>
{
    public static TheoryData<Fault> Faults => FaultMatrix.FaultsOf(RunStep.Prune);

    [Theory]
    [MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public void Prune(Fault fault) => FaultMatrix.Run(fault, RunStep.Prune, gateway.Server);
}

public sealed class CompactFaultTests(PushgatewayFixture gateway) : IClassFixture<PushgatewayFixture>
{
    public static TheoryData<Fault> Faults => FaultMatrix.FaultsOf(RunStep.Compact);

    [Theory]
    [MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public void Compact(Fault fault) => FaultMatrix.Run(fault, RunStep.Compact, gateway.Server);
}

public sealed class PostexecFaultTests(PushgatewayFixture gateway) : IClassFixture<PushgatewayFixture>
{
    public static TheoryData<Fault> Faults => FaultMatrix.FaultsOf(RunStep.Postexec);

    [Theory]
    [MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public void Postexec(Fault fault) => FaultMatrix.Run(fault, RunStep.Postexec, gateway.Server);
}
