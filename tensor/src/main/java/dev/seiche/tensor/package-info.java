/** What a tensor is: shape, data type, storage, the scope that owns it, and the contracts of ops and backends. */
@NullMarked
package dev.seiche.tensor;

import org.jspecify.annotations.NullMarked;
