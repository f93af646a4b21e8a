package dev.seiche.kernels.cuda;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Elementwise ops that follow each other, put off so that one kernel can do them all: an operand is then read once, results
 * go from op to op in registers, and of results that nobody can ask for any more nothing is written. A chain ends when
 * anything else is asked of the device ({@link dev.seiche.kernels.cuda.driver.GpuContext#before}), so nobody sees that it
 * was put off.
 *
 * <p><b>What may stand in one chain.</b> The kernel has a thread for each element i, which reads everything first, then
 * computes link after link, then writes. Every result is contiguous with as many elements as all others, so thread i writes
 * element i of each and no other element. It is right if no thread reads or writes what another one writes, and if a
 * thread that meets an element twice meets it in order. So of any two links, a result and an operand, or two results, have
 * to be either apart in memory or the very same elements, the operand's one after the other as the result's are. Then an
 * operand that an earlier link wrote is that link's register, of the same type as memory, so with the same bits; an operand
 * that a later link overwrites was read before; of results in the same place the last one is written. Addresses decide:
 * which tensors they belong to, and whether memory was given back and handed out again in between, does not matter. What a
 * link does to its own operands, {@link dev.seiche.kernels.Aliasing} has seen to.
 */
final class Chain {
    /** Even with a result kept of each, no kernel spills, and most have full occupancy: see docs/kernels.md. */
    static final int MOST_LINKS = 16;

    /** Operands of a chain: with its results, addresses for 32 of a launch's arguments. */
    private static final int MOST_READS = 16;

    /** Different layouts among the operands: 232 bytes each of the 4096 that a launch's arguments may have. */
    private static final int MOST_WALKS = 8;

    /** Compiling takes as long as thousands of launches: chains that do not come up again and again are not worth it. */
    private static final int ASKED_WHEN_COMPILED = 3;

    /** Kernels that one backend makes: a program whose chains never repeat must not fill the device with them. */
    private static final int MOST_KERNELS = 1000;

    private final CudaMachine machine;
    private final boolean fusing;
    private final List<Link> links = new ArrayList<>();
    private final Set<Read> reads = new HashSet<>();
    private final Map<ChainProgram, Integer> asked = new HashMap<>();
    private final Map<ChainProgram, String> kernels = new HashMap<>();

    /** @param fusing false launches every op by itself, at once */
    Chain(CudaMachine machine, boolean fusing) {
        this.machine = machine;
        this.fusing = fusing;
    }

    /** Asks for an op. */
    void add(Link link) {
        if (!links.isEmpty() && !takes(link)) {
            flush();
        }
        for (Read read : link.reads()) {
            if (writer(links, links.size(), read) < 0) {
                reads.add(read);
            }
        }
        links.add(link);
        if (!fusing) {
            flush();
        }
    }

    private boolean takes(Link next) {
        Link first = links.get(0);
        long walks = reads.stream().map(Read::walk).distinct().count();
        int more = next.reads().size();
        return next.dtype() == first.dtype()
                && next.count() == first.count()
                && links.size() < MOST_LINKS
                && reads.size() + more <= MOST_READS
                && walks + more <= MOST_WALKS
                && links.stream().noneMatch(link -> clash(link, next));
    }

    private static boolean clash(Link link, Link next) {
        return next.clashesWith(link)
                || next.reads().stream().anyMatch(read -> read.clashesWith(link))
                || link.reads().stream().anyMatch(read -> read.clashesWith(next));
    }

    /** The last link before number {@code before} whose result an operand is, or -1. */
    static int writer(List<Link> links, int before, Read read) {
        for (int k = before - 1; k >= 0; k--) {
            if (read.isResultOf(links.get(k))) {
                return k;
            }
        }
        return -1;
    }

    /** True when somebody can ask for the result of link k after the chain. */
    static boolean lasts(List<Link> links, int k) {
        Link link = links.get(k);
        return !link.block().released()
                && links.subList(k + 1, links.size()).stream().noneMatch(later -> later.address() == link.address());
    }

    /** Launches what was asked for. */
    void flush() {
        if (links.isEmpty()) {
            return;
        }
        List<Link> needed = needed();
        drop(); // first: the launches below ask for a flush themselves
        if (needed.size() > 1) {
            ChainLaunch launch = ChainLaunch.of(needed);
            String kernel = kernel(launch.program());
            if (kernel != null) {
                launch.launch(machine, kernel);
                return;
            }
        }
        needed.forEach(link -> link.launch(machine));
    }

    /** Forgets what was asked for. */
    void drop() {
        links.clear();
        reads.clear();
    }

    /** The links whose results last, and those that they need. */
    private List<Link> needed() {
        boolean[] needed = new boolean[links.size()];
        for (int k = links.size() - 1; k >= 0; k--) {
            needed[k] |= lasts(links, k);
            for (Read read : links.get(k).reads()) {
                int writer = writer(links, k, read);
                if (needed[k] && writer >= 0) {
                    needed[writer] = true;
                }
            }
        }
        List<Link> all = new ArrayList<>();
        for (int k = 0; k < needed.length; k++) {
            if (needed[k]) {
                all.add(links.get(k));
            }
        }
        return all;
    }

    /** The kernel for a chain, or null while it is not worth one. A graph runs often, so what it captures is. */
    private @Nullable String kernel(ChainProgram program) {
        String known = kernels.get(program);
        if (known != null) {
            return known;
        }
        if (kernels.size() == MOST_KERNELS || asked.size() > MOST_KERNELS) {
            asked.clear();
        }
        int times = asked.merge(program, 1, Integer::sum);
        if (kernels.size() == MOST_KERNELS
                || (times < ASKED_WHEN_COMPILED && !machine.context().capturing())) {
            return null;
        }
        asked.remove(program);
        String name = program.name();
        machine.programs().add(name, program.source(name));
        kernels.put(program, name);
        return name;
    }
}
