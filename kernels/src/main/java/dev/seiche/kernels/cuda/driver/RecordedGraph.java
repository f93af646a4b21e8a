package dev.seiche.kernels.cuda.driver;

import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.JCudaDriver;

/** Work that was captured and can be launched. Belongs to the context that captured it. */
public final class RecordedGraph {
    private final CUgraph graph;
    private final CUgraphExec executable;

    RecordedGraph(CUgraph graph, CUgraphExec executable) {
        this.graph = graph;
        this.executable = executable;
    }

    CUgraphExec executable() {
        return executable;
    }

    void destroy() {
        JCudaDriver.cuGraphExecDestroy(executable);
        JCudaDriver.cuGraphDestroy(graph);
    }
}
