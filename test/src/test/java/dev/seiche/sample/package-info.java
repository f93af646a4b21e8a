@NullMarked
package dev.seiche.sample;

import org.jspecify.annotations.NullMarked;
