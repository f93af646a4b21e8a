/** The study of the edge of stability, and full-batch training as the studies that go there share it. */
@NullMarked
package dev.seiche.study.edge;

import org.jspecify.annotations.NullMarked;
