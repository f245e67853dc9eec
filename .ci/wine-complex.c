/* C99 functions on complex numbers. numpy's wheel takes them from Windows' C library, where Wine 8
 * has none. Microsoft's long double is a double. Numbers go by value in structs, as its compiler
 * passes them. */
#include <complex.h>

typedef struct { double part[2]; } dnumber;
typedef struct { float part[2]; } fnumber;

static double complex from_d(dnumber z) { return __builtin_complex(z.part[0], z.part[1]); }
static float complex from_f(fnumber z) { return __builtin_complex(z.part[0], z.part[1]); }
static dnumber to_d(double complex z) { return (dnumber){{creal(z), cimag(z)}}; }
static fnumber to_f(float complex z) { return (fnumber){{crealf(z), cimagf(z)}}; }

#define TO_COMPLEX(name) \
  dnumber vcam_##name(dnumber z) { return to_d(name(from_d(z))); } \
  dnumber vcam_##name##l(dnumber z) { return to_d(name(from_d(z))); } \
  fnumber vcam_##name##f(fnumber z) { return to_f(name##f(from_f(z))); }
#define TO_REAL(name) \
  double vcam_##name(dnumber z) { return name(from_d(z)); } \
  double vcam_##name##l(dnumber z) { return name(from_d(z)); } \
  float vcam_##name##f(fnumber z) { return name##f(from_f(z)); }

TO_COMPLEX(cacos) TO_COMPLEX(casin) TO_COMPLEX(catan)
TO_COMPLEX(ccos) TO_COMPLEX(csin) TO_COMPLEX(ctan)
TO_COMPLEX(cacosh) TO_COMPLEX(casinh) TO_COMPLEX(catanh)
TO_COMPLEX(ccosh) TO_COMPLEX(csinh) TO_COMPLEX(ctanh)
TO_COMPLEX(cexp) TO_COMPLEX(clog) TO_COMPLEX(csqrt)
TO_COMPLEX(cproj) TO_COMPLEX(conj)
TO_REAL(creal) TO_REAL(cimag) TO_REAL(cabs) TO_REAL(carg)

dnumber vcam_cpow(dnumber x, dnumber y) { return to_d(cpow(from_d(x), from_d(y))); }
dnumber vcam_cpowl(dnumber x, dnumber y) { return to_d(cpow(from_d(x), from_d(y))); }
fnumber vcam_cpowf(fnumber x, fnumber y) { return to_f(cpowf(from_f(x), from_f(y))); }
