@NullMarked
package dev.seiche.bench;

import org.jspecify.annotations.NullMarked;
