"""Which page answers which address."""

from django.urls import path

from . import views

urlpatterns = [
    path('', views.start, name='start'),
    path('hello/<str:name>', views.hello, name='hello'),
    path('form', views.form, name='form'),
    path('old', views.old),
    path('error', views.error, name='error'),
]
