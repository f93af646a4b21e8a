/** How parameters begin: distributions whose scale follows a layer's fans, orthogonal matrices, constants. */
@NullMarked
package dev.seiche.nn.init;

import org.jspecify.annotations.NullMarked;
