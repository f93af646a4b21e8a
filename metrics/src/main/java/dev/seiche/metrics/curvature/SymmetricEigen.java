package dev.seiche.metrics.curvature;

import java.util.Comparator;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/**
 * All eigenpairs of a small dense symmetric matrix, by falling eigenvalue.
 *
 * @param values  falling
 * @param vectors {@code vectors[i]} belongs to {@code values[i]} and has length 1
 */
@SuppressWarnings("ArrayRecordComponent") // handed from one method to the next, never compared
public record SymmetricEigen(double[] values, double[][] vectors) {

    /**
     * Decomposes the leading n by n block of a symmetric matrix, reading its upper triangle.
     *
     * @throws ArithmeticException when an entry is not finite
     */
    public static SymmetricEigen of(double[][] matrix, int n) {
        DMatrixRMaj dense = new DMatrixRMaj(n, n);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double entry = i <= j ? matrix[i][j] : matrix[j][i];
                if (!Double.isFinite(entry)) {
                    throw new ArithmeticException("eigenvalues: the matrix holds " + entry);
                }
                dense.set(i, j, entry);
            }
        }
        EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(n, true, true);
        if (!eigen.decompose(dense)) {
            throw new ArithmeticException(
                    "eigenvalues: the QR iteration on a " + n + " by " + n + " matrix did not end");
        }
        int[] order = IntStream.range(0, n)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -eigen.getEigenvalue(i).getReal()))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] values = new double[n];
        double[][] vectors = new double[n][];
        for (int i = 0; i < n; i++) {
            values[i] = eigen.getEigenvalue(order[i]).getReal();
            vectors[i] = eigen.getEigenVector(order[i]).getData().clone();
        }
        return new SymmetricEigen(values, vectors);
    }
}
