/** Layers, and modules made of layers. Immutable structure; weights are passed in with each forward pass. */
@NullMarked
package dev.seiche.nn.layer;

import org.jspecify.annotations.NullMarked;
