/// Sixteen floats: the width of the loops below.
package typealias Vector = SIMD16<Float>

/// Elementary functions on sixteen floats, accurate to a few units in the last place.
///
/// Written for baseline x86-64: multiplications and additions are separate (a fused multiply-add would be a library call
/// per lane), numbers are rounded by adding and subtracting 1.5·2²³, and exponents are set as bits.
package enum VectorMath {
    /// The larger of `x` and `bound`; NaN stays NaN. (The standard library's pointwiseMax is a call per lane.)
    @inline(__always)
    static func atLeast(_ bound: Float, _ x: Vector) -> Vector {
        let b = Vector(repeating: bound)
        return x.replacing(with: b, where: x .< b)
    }

    /// The smaller of `x` and `bound`; NaN stays NaN.
    @inline(__always)
    static func atMost(_ bound: Float, _ x: Vector) -> Vector {
        let b = Vector(repeating: bound)
        return x.replacing(with: b, where: x .> b)
    }

    /// eˣ. Arguments are clamped to ±87, so the result is always finite and normal.
    @inline(__always)
    package static func exp(_ x: Vector) -> Vector {
        let (mantissa, scale) = exponential(x)
        return (mantissa + 1) * scale
    }

    /// eˣ − 1, accurate near 0 too.
    @inline(__always)
    package static func expm1(_ x: Vector) -> Vector {
        let (mantissa, scale) = exponential(x)
        return mantissa * scale + (scale - 1)
    }

    /// eˣ as (1 + mantissa) · scale, where the scale is a power of two.
    @inline(__always)
    private static func exponential(_ x: Vector) -> (mantissa: Vector, scale: Vector) {
        let clamped = atMost(87, atLeast(-87, x))
        let shifted = clamped * 1.442_695_04 + 12_582_912
        let n = shifted - 12_582_912
        // ln 2 in two parts, the first exact in a few bits, keeps the remainder accurate.
        let r = (clamped - n * 0.693_359_375) - n * -2.121_944_4e-4
        var p = Vector(repeating: 1.987_569_15e-4)
        p = p * r + 1.398_199_95e-3
        p = p * r + 8.333_451_9e-3
        p = p * r + 4.166_579_6e-2
        p = p * r + 1.666_666_5e-1
        p = p * r + 5.000_000_1e-1
        let mantissa = p * (r * r) + r
        // `shifted` carries n in its low mantissa bits; shift them to the exponent and add the bias.
        let bits = unsafeBitCast(shifted, to: SIMD16<UInt32>.self)
        let scale = unsafeBitCast((bits &+ 127) &<< 23, to: Vector.self)
        return (mantissa, scale)
    }

    /// log x for positive, finite, normal x: exponent · ln 2 + the logarithm of a mantissa in [√½, √2), by the
    /// series of 2·artanh((m − 1) / (m + 1)).
    @inline(__always)
    package static func log(_ x: Vector) -> Vector {
        let bits = unsafeBitCast(x, to: SIMD16<UInt32>.self)
        // 0x3f3504f3 is √½: subtracting it carries into the exponent exactly from √2 on.
        let offset = bits &- 0x3f35_04f3
        let mantissa = unsafeBitCast((offset & 0x007f_ffff) &+ 0x3f35_04f3, to: Vector.self)
        // The exponent as a float: its bits become the low bits of a number near 1.5·2²³, from which that is subtracted
        // (SIMD conversion of integers is slow).
        let biased = unsafeBitCast(((offset &+ 0x8000_0000) &>> 23) | 0x4b40_0000, to: Vector.self)
        let exponent = biased - (12_582_912 + 256)
        let s = (mantissa - 1) / (mantissa + 1)
        let q = s * s
        var p = Vector(repeating: 2.0 / 11)
        p = p * q + 2.0 / 9
        p = p * q + 2.0 / 7
        p = p * q + 2.0 / 5
        p = p * q + 2.0 / 3
        p = p * q + 2
        return exponent * 0.693_147_18 + p * s
    }

    /// log(1 + u) for u in [0, 1], by the series of 2·artanh(u / (2 + u)); relative error below 2e-7.
    @inline(__always)
    package static func log1p(unit u: Vector) -> Vector {
        let s = u / (u + 2)
        let q = s * s
        var p = Vector(repeating: 2.0 / 15)
        p = p * q + 2.0 / 13
        p = p * q + 2.0 / 11
        p = p * q + 2.0 / 9
        p = p * q + 2.0 / 7
        p = p * q + 2.0 / 5
        p = p * q + 2.0 / 3
        p = p * q + 2
        return p * s
    }

    /// log(1 + eˣ) and its derivative 1 / (1 + e⁻ˣ), from one exponential. Finite for every finite x.
    @inline(__always)
    package static func softplusAndSigmoid(_ x: Vector) -> (softplus: Vector, sigmoid: Vector) {
        let zero = Vector(repeating: 0)
        let magnitude = x.replacing(with: -x, where: x .< zero)
        let u = exp(-magnitude)
        let inverse = 1 / (u + 1)
        return (
            atLeast(0, x) + log1p(unit: u), inverse.replacing(with: u * inverse, where: x .< zero)
        )
    }

    @inline(__always)
    package static func sigmoid(_ x: Vector) -> Vector { softplusAndSigmoid(x).sigmoid }

    /// The density of a standard normal distribution at x.
    @inline(__always)
    package static func normalDensity(_ x: Vector) -> Vector { exp(x * x * -0.5) * 0.398_942_28 }

    /// The distribution function of a standard normal, Φ(x) = (1 + erf(x/√2)) / 2, within 2e-7: Abramowitz & Stegun,
    /// Handbook of Mathematical Functions, 7.1.26.
    @inline(__always)
    package static func normalDistribution(_ x: Vector) -> Vector {
        let zero = Vector(repeating: 0)
        let magnitude = x.replacing(with: -x, where: x .< zero) * 0.707_106_78
        let t = 1 / (magnitude * 0.327_591_1 + 1)
        var p = t * 1.061_405_429 - 1.453_152_027
        p = p * t + 1.421_413_741
        p = p * t - 0.284_496_736
        p = p * t + 0.254_829_592
        let tail = p * t * exp(-magnitude * magnitude) * 0.5
        return (1 - tail).replacing(with: tail, where: x .< zero)
    }

    /// tanh x = 1 − 2 / (e²ˣ + 1) or, near zero, where that form cancels, an odd polynomial.
    @inline(__always)
    package static func tanh(_ x: Vector) -> Vector {
        let zero = Vector(repeating: 0)
        let magnitude = x.replacing(with: -x, where: x .< zero)
        let far = 1 - 2 / (exp(magnitude + magnitude) + 1)
        let q = x * x
        var p = Vector(repeating: -5.704_988_7e-3)
        p = p * q + 2.063_908_9e-2
        p = p * q - 5.373_971_5e-2
        p = p * q + 1.333_144_2e-1
        p = p * q - 3.333_328_2e-1
        let near = p * q * x + x
        return near.replacing(with: far.replacing(with: -far, where: x .< zero), where: magnitude .> 0.625)
    }
}

/// Applies `body` to `pointer[0..<count]` in place, sixteen floats at a time; the rest goes through a padded copy.
@inline(__always)
func mapInPlace(_ pointer: UnsafeMutablePointer<Float>, count: Int, _ body: (Vector) -> Vector) {
    var i = 0
    while i + 16 <= count {
        storeVector(body(loadVector(pointer + i)), pointer + i)
        i += 16
    }
    if i < count {
        storeVector(body(loadVector(pointer + i, count: count - i)), pointer + i, count: count - i)
    }
}

@inline(__always)
func loadVector(_ p: UnsafePointer<Float>) -> Vector {
    UnsafeRawPointer(p).loadUnaligned(as: Vector.self)
}

/// The first `count` lanes from memory, the rest zero.
@inline(__always)
func loadVector(_ p: UnsafePointer<Float>, count: Int) -> Vector {
    if count == 16 { return loadVector(p) }
    var v = Vector()
    for j in 0..<count { v[j] = p[j] }
    return v
}

@inline(__always)
func storeVector(_ v: Vector, _ p: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(p).storeBytes(of: v, as: Vector.self)
}

/// Stores the first `count` lanes.
@inline(__always)
func storeVector(_ v: Vector, _ p: UnsafeMutablePointer<Float>, count: Int) {
    if count == 16 {
        storeVector(v, p)
        return
    }
    for j in 0..<count { p[j] = v[j] }
}
