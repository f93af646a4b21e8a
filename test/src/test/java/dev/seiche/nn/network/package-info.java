@NullMarked
package dev.seiche.nn.network;

import org.jspecify.annotations.NullMarked;
