/** Where examples come from: files, the shipped images, generators; and how they become batches of tensors. */
@NullMarked
package dev.seiche.nn.data;

import org.jspecify.annotations.NullMarked;
