package dev.seiche.kernels.cuda;

import dev.seiche.kernels.cuda.driver.Arguments;
import dev.seiche.kernels.cuda.driver.Grid;
import dev.seiche.tensor.Op;
import dev.seiche.tensor.Tensor;

/** One launch being put together: arguments in the order of the kernel's parameters, then how many threads. */
final class Call {
    private final CudaMachine machine;
    private final String kernel;
    private final Arguments arguments;

    Call(CudaMachine machine, String kernel, Arguments arguments) {
        this.machine = machine;
        this.kernel = kernel;
        this.arguments = arguments;
    }

    /** The address of a tensor's first element. */
    Call tensor(Tensor tensor) {
        arguments.pointer(machine.address(tensor));
        return this;
    }

    Call address(long address) {
        arguments.pointer(address);
        return this;
    }

    /**
     * A count that the kernel takes as 32 bits.
     *
     * @throws IllegalArgumentException from 2^31 on
     */
    Call count(long value) {
        arguments.i32(count(kernel, value));
        return this;
    }

    /** Where a kernel reports ids that are not in 0..bound-1. */
    Call ids(Op op, Tensor ids, int bound) {
        arguments.pointer(machine.ids().address()).i32(machine.ids().ticket(op, ids, bound));
        return this;
    }

    Call i64(long value) {
        arguments.i64(value);
        return this;
    }

    Call f64(double value) {
        arguments.f64(value);
        return this;
    }

    Call structure(Arguments.Structure value) {
        arguments.structure(value);
        return this;
    }

    /** Launches one thread for each of {@code n} results. */
    void over(long n) {
        launch(Grid.over(count(kernel, n)));
    }

    void launch(Grid grid) {
        machine.launch(kernel, grid);
    }

    static int count(String what, long value) {
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(what + ": " + value
                    + " elements are more than the 2^31 - 1 that kernels count to; split the batch");
        }
        return (int) value;
    }
}
