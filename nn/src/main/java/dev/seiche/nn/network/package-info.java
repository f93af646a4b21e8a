/** The networks of the literature, put together from layers: what they are called there, and the inits they begin with. */
@NullMarked
package dev.seiche.nn.network;

import org.jspecify.annotations.NullMarked;
