package dev.seiche.metrics.curvature;

import dev.seiche.nn.ParameterVector;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Finds the extreme eigenpairs of a symmetric operator by the Lanczos method with full reorthogonalisation: in a band
 * version that starts from {@code block} vectors, so that an eigenvalue is found up to that many times over, and with
 * thick restarts, which bound the memory. C. Lanczos 1950; K. Wu and H. Simon, "Thick-restart Lanczos method", 2000.
 *
 * <p>A search ends when the residuals of all wanted pairs are within the tolerance or the products are used up, and the
 * {@link Spectrum} says which. Deterministic: same operator, start and key, same bits.
 *
 * <p>Memory: at most 1.5 basis + block + 2 wanted vectors of the parameters' size and type at a time. Work per product:
 * about 2 basis inner products.
 *
 * @param count       k, eigenvalues wanted at each end
 * @param end         which
 * @param block       vectors to start from, 1 or more; the default k finds eigenvalues of multiplicity up to k. With 1,
 *                    a repeated eigenvalue shows once, at fewer products
 * @param basis       m, the most vectors of the search space that are kept
 * @param tolerance   relative to the largest |eigenvalue|, above 0. About 1e-5 is the least that f32 products allow
 * @param maxProducts operator applications after which the search gives up; the residuals take one more for each pair
 */
public record Lanczos(int count, End end, int block, int basis, double tolerance, int maxProducts) {
    /** Which end of the spectrum, by algebraic value. */
    public enum End {
        LARGEST,
        SMALLEST,
        BOTH
    }

    /**
     * Length of the random part of a warm start beside the known part: the known vectors alone could span an invariant
     * subspace, which the search would never leave.
     */
    private static final double PERTURBATION = 0.3;

    public Lanczos {
        int wanted = end == End.BOTH ? 2 * count : count;
        if (count < 1 || block < 1 || !(tolerance > 0)) {
            throw new IllegalArgumentException(
                    "lanczos: count %d, block %d and tolerance %s must be above 0".formatted(count, block, tolerance));
        }
        if (basis < 2 * wanted + block || maxProducts < wanted) {
            throw new IllegalArgumentException(
                    "lanczos: %d eigenvalues from a block of %d need a basis of at least %d and %d products, got %d and %d"
                            .formatted(wanted, block, 2 * wanted + block, wanted, basis, maxProducts));
        }
    }

    /** The k largest eigenvalues to a residual of 1e-3 of the largest, with up to 40 + 4k basis vectors. */
    public static Lanczos largest(int count) {
        return new Lanczos(count, End.LARGEST, count, 40 + 4 * count, 1e-3, 1000);
    }

    public Lanczos withEnd(End newEnd) {
        return new Lanczos(count, newEnd, block, basis, tolerance, maxProducts);
    }

    public Lanczos withBlock(int newBlock) {
        return new Lanczos(count, end, newBlock, basis, tolerance, maxProducts);
    }

    public Lanczos withBasis(int newBasis) {
        return new Lanczos(count, end, block, newBasis, tolerance, maxProducts);
    }

    public Lanczos withTolerance(double newTolerance) {
        return new Lanczos(count, end, block, basis, newTolerance, maxProducts);
    }

    public Lanczos withMaxProducts(int newMaxProducts) {
        return new Lanczos(count, end, block, basis, tolerance, newMaxProducts);
    }

    /**
     * Searches from random vectors.
     *
     * @param like a vector of the space
     * @param into where the eigenvectors are born
     * @throws IllegalArgumentException when the space has fewer dimensions than eigenvalues are wanted
     * @throws ArithmeticException      when a product is not finite
     */
    public Spectrum solve(LinearOperator operator, ParameterVector like, Rng rng, Scope into) {
        return solve(operator, like, List.of(), rng, into);
    }

    /**
     * Searches from earlier eigenvectors, perturbed; as many random ones are added as the block lacks. Takes about half
     * the products of a cold search, but may miss an eigenvalue that has become the largest without being among the
     * earlier ones: then the result holds true eigenpairs, only not the most extreme ones. Ask for one more than needed,
     * because it is the runner-up that overtakes.
     *
     * @param like a vector of the space
     * @param warm vectors of the space, at best those of a similar operator; may be empty
     * @param into where the eigenvectors are born
     */
    public Spectrum solve(
            LinearOperator operator, ParameterVector like, List<ParameterVector> warm, Rng rng, Scope into) {
        int wanted = end == End.BOTH ? 2 * count : count;
        if (like.size() < wanted) {
            throw new IllegalArgumentException(
                    "lanczos: asked for " + wanted + " eigenvalues in " + like.size() + " dimensions");
        }
        try (KrylovSpace space = new KrylovSpace(operator, like, rng.fold("refill"), roundOff(like), basis, into)) {
            try (Scope scope = into.child("lanczos start")) {
                for (int i = 0; i < block; i++) {
                    space.offer(start(i, like, warm, rng.fold("start").fold(i), scope));
                }
            }
            int restarts = search(space, wanted);
            return report(space, operator, restarts, into);
        }
    }

    private int search(KrylovSpace space, int wanted) {
        int restarts = 0;
        int checked = 0;
        while (space.products() < maxProducts && space.expand()) {
            boolean full = space.size() == basis;
            if (space.closed() && space.size() >= wanted && (full || space.size() - checked >= block)) {
                checked = space.size();
                SymmetricEigen ritz = space.ritz();
                if (converged(space, ritz)) {
                    return restarts;
                }
            }
            if (full && space.products() < maxProducts) {
                SymmetricEigen ritz = space.ritz();
                space.condense(ritz, kept(ritz.values().length));
                checked = space.size();
                restarts++;
            }
        }
        return restarts;
    }

    private boolean converged(KrylovSpace space, SymmetricEigen ritz) {
        double scale = scale(ritz);
        double aim = 0.5 * tolerance * scale; // the measured residual may be a little above the computed one
        for (int i : wanted(ritz.values().length)) {
            if (space.residual(ritz.vectors()[i]) > aim) {
                return false;
            }
        }
        return true;
    }

    /** Positions of the wanted pairs among n that fall, the most extreme first, the largest before the smallest. */
    private List<Integer> wanted(int n) {
        List<Integer> positions = new ArrayList<>();
        for (int i = 0; i < Math.min(count, n) && end != End.SMALLEST; i++) {
            positions.add(i);
        }
        for (int i = 0; i < Math.min(count, n) && end != End.LARGEST; i++) {
            if (!positions.contains(n - 1 - i)) {
                positions.add(n - 1 - i);
            }
        }
        return positions;
    }

    /** What survives a restart: the wanted pairs and their nearest neighbours, which are about to be wanted. */
    private List<Integer> kept(int n) {
        int spare = Math.max(1, (basis - wanted(n).size() - block) / 3);
        int top = end == End.SMALLEST ? 0 : count + (end == End.BOTH ? spare / 2 : spare);
        int bottom = end == End.LARGEST ? 0 : count + (end == End.BOTH ? spare / 2 : spare);
        return IntStream.range(0, n)
                .filter(i -> i < top || i >= n - bottom)
                .boxed()
                .toList();
    }

    private Spectrum report(KrylovSpace space, LinearOperator operator, int restarts, Scope into) {
        SymmetricEigen ritz = space.ritz();
        int n = ritz.values().length;
        List<EigenPair> largest = new ArrayList<>();
        List<EigenPair> smallest = new ArrayList<>();
        double scale = scale(ritz);
        for (int i : wanted(n)) {
            EigenPair pair = measured(operator, space.vector(ritz.vectors()[i], into), into);
            (end != End.SMALLEST && i < count ? largest : smallest).add(pair);
        }
        int products = space.products() + largest.size() + smallest.size();
        return new Spectrum(largest, smallest, products, restarts, scale, tolerance);
    }

    /** The pair that belongs to an approximate eigenvector of length 1, with its true residual. */
    static EigenPair measured(LinearOperator operator, ParameterVector vector, Scope into) {
        try (Scope scope = into.child("residual")) {
            ParameterVector image = operator.apply(vector, scope);
            double value = vector.dot(image);
            return new EigenPair(
                    value, vector, image.addScaled(-value, vector, scope).norm());
        }
    }

    private static ParameterVector start(
            int i, ParameterVector like, List<ParameterVector> warm, Rng rng, Scope scope) {
        ParameterVector random = like.gaussian(rng, scope);
        if (i >= warm.size() || warm.get(i).norm() == 0) {
            return random;
        }
        ParameterVector known = warm.get(i);
        return known.addScaled(PERTURBATION * known.norm() / random.norm(), random, scope);
    }

    private static double scale(SymmetricEigen ritz) {
        double[] values = ritz.values();
        return Math.max(Math.abs(values[0]), Math.abs(values[values.length - 1]));
    }

    /** A vector that shrank by this factor when orthogonalised has lost its direction to rounding. */
    private static double roundOff(ParameterVector like) {
        return like.dtype() == DType.F64 ? 1e-13 : 1e-6;
    }
}
