using FlatFuse.Tensors;

namespace FlatFuse.Benchmarks;

/// <summary>Operands and results of a recurrent layer.</summary>
/// <param name="s">Sizes.</param>
/// <param name="gates">Columns of the kernels a unit.</param>
/// <param name="biases">Numbers of the bias a unit.</param>
internal sealed class RecurrentTensors((int Batch, int Steps, int Features, int Units) s, int gates, int biases)
{
    public Tensor<float> X { get; } = Workload.Numbers(3, 1, s.Batch * s.Steps * s.Features);

    // Weights as an initializer draws them: larger ones would saturate the gates.
    public Tensor<float> Kernel { get; } = Workload.Numbers(1, 0.1, gates * s.Features * s.Units);

    public Tensor<float> Recurrent { get; } = Workload.Numbers(2, 0.1, gates * s.Units * s.Units);

    public Tensor<float> Bias { get; } = Workload.Room(biases * s.Units);

    public Tensor<float> Y { get; } = Workload.Room(s.Batch * s.Steps * s.Units);

    public Tensor<float> DY { get; } = Workload.Numbers(4, 1, s.Batch * s.Steps * s.Units);

    public Tensor<float> DLastH { get; } = Workload.Numbers(5, 1, s.Batch * s.Units);

    public Tensor<float> DX { get; } = Workload.Room(s.Batch * s.Steps * s.Features);

    public Tensor<float> DKernel { get; } = Workload.Room(gates * s.Features * s.Units);

    public Tensor<float> DRecurrent { get; } = Workload.Room(gates * s.Units * s.Units);

    public Tensor<float> DBias { get; } = Workload.Room(biases * s.Units);

    public Tensor<float> DH0 { get; } = Workload.Room(s.Batch * s.Units);

    public Tensor<float> DC0 { get; } = Workload.Room(s.Batch * s.Units);
}
