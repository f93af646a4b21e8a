@NullMarked
package dev.seiche.metrics.example;

import org.jspecify.annotations.NullMarked;
