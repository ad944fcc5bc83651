import CKernels

/// What the numeric code uses of this processor.
package enum Processor {
    /// The vector instructions that the kernels were chosen for.
    package static var vectors: String {
        switch latent_processor_generations() {
        case 3: "AVX-512 (x86-64-v4)"
        case 2: "AVX2 (x86-64-v3)"
        default: "the least of its kind"
        }
    }
}
