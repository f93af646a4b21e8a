package dev.seiche.kernels.cuda;

import dev.seiche.kernels.cuda.ChainProgram.Step;
import java.util.ArrayList;
import java.util.List;

/**
 * Links that one kernel does: its structure and, in the order of its parameters, what a launch gives it.
 *
 * @param reads operands that are no link's result, each once
 * @param results where the results that last go
 * @param attributes of all links in their order
 * @param walks layouts of operands, each once
 */
record ChainLaunch(
        ChainProgram program,
        List<Read> reads,
        List<Long> results,
        int count,
        List<Double> attributes,
        List<Space> walks) {

    static ChainLaunch of(List<Link> links) {
        List<Read> reads = new ArrayList<>();
        List<Step> steps = new ArrayList<>();
        List<Integer> stored = new ArrayList<>();
        List<Long> results = new ArrayList<>();
        List<Double> attributes = new ArrayList<>();
        for (int k = 0; k < links.size(); k++) {
            Link link = links.get(k);
            List<Integer> operands = new ArrayList<>();
            for (Read read : link.reads()) {
                int writer = Chain.writer(links, k, read);
                operands.add(writer >= 0 ? writer : ChainProgram.read(place(reads, read)));
            }
            steps.add(new Step(link.expression(), operands, link.attributes().size()));
            attributes.addAll(link.attributes());
            if (Chain.lasts(links, k)) {
                stored.add(k);
                results.add(link.address());
            }
        }
        List<Space> walks = new ArrayList<>();
        List<Integer> walked = new ArrayList<>();
        for (Read read : reads) {
            Space walk = read.walk();
            walked.add(walk == null ? ChainProgram.IN_ORDER : place(walks, walk));
        }
        ChainProgram program = new ChainProgram(links.get(0).dtype(), walked, steps, stored);
        return new ChainLaunch(program, reads, results, links.get(0).count(), attributes, walks);
    }

    /** The number of an element in a list, which has it at its end if it did not have it. */
    private static <E> int place(List<E> list, E element) {
        int at = list.indexOf(element);
        if (at < 0) {
            list.add(element);
        }
        return at < 0 ? list.size() - 1 : at;
    }

    void launch(CudaMachine machine, String kernel) {
        Call call = machine.call(kernel);
        reads.forEach(read -> call.address(read.address()));
        results.forEach(call::address);
        call.count(count);
        if (!attributes.isEmpty()) {
            call.structure(into -> attributes.forEach(into::putDouble));
        }
        walks.forEach(call::structure);
        call.over(count);
    }
}
