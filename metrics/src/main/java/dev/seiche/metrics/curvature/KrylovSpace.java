package dev.seiche.metrics.curvature;

import dev.seiche.nn.ParameterVector;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.Add;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The search space of the band Lanczos method: an orthonormal basis V, the projected operator T = V'AV, and a queue of
 * candidates, the parts of AV that V does not span yet. Every basis vector is orthogonalised against all others twice.
 */
final class KrylovSpace implements AutoCloseable {
    /** A candidate that no single basis vector made: a start, or what a restart left over. */
    private static final int NO_SOURCE = -1;

    /**
     * The part outside the basis of A times basis vector {@code source}, which the candidate owns.
     *
     * @param cleared   it is orthogonal to the first so many basis vectors
     * @param reference what its length is compared with to see whether a direction is left
     */
    private record Candidate(ParameterVector vector, int source, int cleared, double reference) {}

    private final LinearOperator operator;
    private final ParameterVector like;
    private final Rng refill;
    private final double roundOff;
    private final Scope home;
    private final int capacity;
    private final double[][] projected;
    private final List<ParameterVector> basis = new ArrayList<>();
    private final Deque<Candidate> queue = new ArrayDeque<>();
    private Scope scope;
    private double largestImage;
    private int products;
    private int refills;

    KrylovSpace(LinearOperator operator, ParameterVector like, Rng refill, double roundOff, int capacity, Scope home) {
        this.operator = operator;
        this.like = like;
        this.refill = refill;
        this.roundOff = roundOff;
        this.home = home;
        this.capacity = capacity;
        this.projected = new double[capacity][capacity];
        this.scope = home.child("krylov");
    }

    /** Number of basis vectors. */
    int size() {
        return basis.size();
    }

    /** How often the operator was applied. */
    int products() {
        return products;
    }

    /** Queues a vector to start from; it is copied. */
    void offer(ParameterVector start) {
        queue.add(new Candidate(start.scale(1 / start.norm(), scope), NO_SOURCE, 0, 1));
    }

    /**
     * Adds one basis vector and its image.
     *
     * @return false when the basis spans the whole space, or is full
     */
    boolean expand() {
        ParameterVector next = basis.size() < capacity ? next() : null;
        if (next == null) {
            return false;
        }
        int j = basis.size();
        basis.add(next);
        try (Scope step = home.child("expand")) {
            ParameterVector image = operator.apply(next, step);
            products++;
            double norm = image.norm();
            if (!Double.isFinite(norm)) {
                throw new ArithmeticException(
                        "lanczos: product " + products + " has norm " + norm + "; the operator is not finite here");
            }
            largestImage = Math.max(largestImage, norm);
            for (int i = 0; i <= j; i++) {
                projected[i][j] = basis.get(i).dot(image);
                projected[j][i] = projected[i][j];
            }
            ParameterVector rest = image.keep(scope);
            subtract(rest, basis, projected[j]);
            queue.add(new Candidate(rest, j, j + 1, largestImage));
        }
        return true;
    }

    /** True when all of AV that V lacks is in candidates of known source, so that {@link #residual} is exact. */
    boolean closed() {
        return queue.stream().noneMatch(each -> each.source == NO_SOURCE);
    }

    /** Eigenpairs of the projected operator. */
    SymmetricEigen ritz() {
        return SymmetricEigen.of(projected, basis.size());
    }

    /** |A V y - V T y|: the residual of the pair that y, an eigenvector of T, stands for. Needs {@link #closed}. */
    double residual(double[] y) {
        clear();
        try (Scope step = home.child("residual")) {
            ParameterVector sum = like.zeros(step);
            for (Candidate each : queue) {
                accumulate(sum, y[each.source], each.vector);
            }
            return sum.norm();
        }
    }

    /** V y, normalised, in {@code into}. */
    ParameterVector vector(double[] y, Scope into) {
        try (Scope step = into.child("ritz")) {
            ParameterVector sum = like.zeros(step);
            for (int i = 0; i < y.length; i++) {
                accumulate(sum, y[i], basis.get(i));
            }
            return sum.scale(1 / sum.norm(), into);
        }
    }

    /** Replaces the basis by the vectors that these eigenpairs of T stand for; the candidates stay. */
    void condense(SymmetricEigen ritz, List<Integer> positions) {
        clear();
        Scope next = home.child("krylov");
        List<ParameterVector> kept = new ArrayList<>();
        for (int i : positions) {
            kept.add(vector(ritz.vectors()[i], next));
        }
        List<Candidate> left = new ArrayList<>();
        for (Candidate each : queue) {
            left.add(new Candidate(each.vector.keep(next), NO_SOURCE, kept.size(), each.reference));
        }
        scope.close();
        scope = next;
        basis.clear();
        basis.addAll(kept);
        queue.clear();
        queue.addAll(left);
        for (int i = 0; i < kept.size(); i++) {
            for (int j = 0; j < kept.size(); j++) {
                projected[i][j] = i == j ? ritz.values()[positions.get(i)] : 0;
            }
        }
    }

    /** The next orthonormal vector: from the queue, or random once the basis spans an invariant subspace. */
    private @Nullable ParameterVector next() {
        while (basis.size() < like.size()) {
            Candidate candidate = queue.isEmpty() ? drawn() : queue.remove();
            ParameterVector v = candidate.vector;
            double before = v.norm();
            boolean again = candidate.cleared < basis.size();
            clear(v, 0);
            double norm = v.norm();
            if (again || norm < 0.7 * before) { // what cancelled so much has lost digits: orthogonalise once more
                clear(v, 0);
                norm = v.norm();
            }
            ParameterVector next = norm > roundOff * candidate.reference ? v.scale(1 / norm, scope) : null;
            release(v);
            if (next != null) {
                return next;
            }
        }
        return null;
    }

    private Candidate drawn() {
        ParameterVector random = like.gaussian(refill.fold(refills++), scope);
        return new Candidate(random, NO_SOURCE, 0, random.norm());
    }

    /** Makes all candidates orthogonal to the whole basis. */
    private void clear() {
        int waiting = queue.size();
        for (int i = 0; i < waiting; i++) {
            Candidate each = queue.remove();
            clear(each.vector, each.cleared);
            queue.add(new Candidate(each.vector, each.source, basis.size(), each.reference));
        }
    }

    /** Takes away v's parts along basis vectors {@code from} onward, in place. */
    private void clear(ParameterVector v, int from) {
        List<ParameterVector> others = basis.subList(from, basis.size());
        double[] parts = new double[others.size()];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = others.get(i).dot(v);
        }
        subtract(v, others, parts);
    }

    private static void subtract(ParameterVector from, List<ParameterVector> vectors, double[] weights) {
        for (int i = 0; i < vectors.size(); i++) {
            accumulate(from, -weights[i], vectors.get(i));
        }
    }

    /** sum += factor * v, in place: a fresh vector for each term would need a basis of memory. */
    private static void accumulate(ParameterVector sum, double factor, ParameterVector v) {
        for (int i = 0; i < sum.tensors().size(); i++) {
            Tensor target = sum.get(i);
            try (Scope term = target.scope().child("term")) {
                Tensor scaled = term.ops().scale(v.get(i), factor);
                term.ops().applyInto(new Add(), List.of(target, scaled), target);
            }
        }
    }

    private static void release(ParameterVector v) {
        v.tensors().forEach(tensor -> tensor.scope().free(tensor));
    }

    @Override
    public void close() {
        scope.close();
    }
}
